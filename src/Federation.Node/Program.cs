using System.Security.Cryptography;
using Federation.Node;
using Federation.Node.Storage;

// The one place that names the real clock, the real randomness and the end of the process; BannedSymbols.txt keeps them out of all others.
var directory = Environment.GetEnvironmentVariable("FEDERATION_DIR") ?? ".";
var words = args;
if (words is ["--dir", var named, .. var rest])
    (directory, words) = (named, rest);
var backup = words is ["check-backup" or "restore-backup", _, _] ? new BackupFiles(words[1], words[2]) : null;
if (words.Length > 0 && backup is null)
{
    await Console.Error.WriteLineAsync("usage: Federation.Node [--dir DIRECTORY] [check-backup DATA-DIRECTORY KEYS-DIRECTORY | restore-backup DATA-DIRECTORY KEYS-DIRECTORY]");
    await Console.Error.WriteLineAsync("DIRECTORY is where node.json is; by default FEDERATION_DIR or the current one");
    return 2;
}

if (backup is not null && words[0] == "check-backup")
    return OfflineVerbs.Check(backup, Console.Out, Console.Error);

if (!NodeOptionsFile.TryRead(Path.GetFullPath(directory), out var options, out var errors))
{
    foreach (var error in errors)
        await Console.Error.WriteLineAsync(error);
    return 2;
}

if (backup is not null)
    return OfflineVerbs.Restore(options, backup, Console.Out, Console.Error);

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
