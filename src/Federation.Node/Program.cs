using System.Security.Cryptography;
using Federation.Node;
using Federation.Node.Storage;

// The one place that names the real clock, the real randomness and the end of the process; BannedSymbols.txt keeps them out of all others.
var directory = Environment.GetEnvironmentVariable("FEDERATION_DIR") ?? ".";
for (var i = 0; i < args.Length; i++)
{
    if (args[i] != "--dir" || i + 1 == args.Length)
    {
        await Console.Error.WriteLineAsync("usage: Federation.Node [--dir DIRECTORY]   (where node.json is; by default FEDERATION_DIR or the current one)");
        return 2;
    }

    directory = args[++i];
}

if (!NodeOptionsFile.TryRead(Path.GetFullPath(directory), out var options, out var errors))
{
    foreach (var error in errors)
        await Console.Error.WriteLineAsync(error);
    return 2;
}

var world = new NodeWorld(
    TimeProvider.System, Random.Shared, RandomNumberGenerator.Fill, failure => Environment.FailFast($"the store can't be trusted any more: {failure.Message}"));
try
{
    var app = await NodeHost.BuildAsync(options, world, CancellationToken.None);
    await app.RunAsync();
    return 0;
}
catch (Exception refusal) when (refusal is IOException or InvalidDataException or CryptographicException or StoreFaultException)
{
    await Console.Error.WriteLineAsync($"the node can't start: {refusal.Message}");
    return 1;
}
