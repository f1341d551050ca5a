using System.Text.Json;
using Federation.Cli.Setup;

namespace Federation.Cli.Connection;

/// <summary>A node's directory as <c>init</c> made it: where its files are and where its own listener is reached.</summary>
internal sealed class NodeDirectory
{
    private NodeDirectory(string path, NodeSettings settings)
    {
        Location = path;
        Settings = settings;
    }

    /// <summary>The directory's full path.</summary>
    public string Location { get; }

    public NodeSettings Settings { get; }

    public string OperatorFile => Inside(Settings.FirstOperator);

    public string AuthorityFile => Inside(Settings.OwnAuthority);

    /// <summary>Where the node writes its addresses once both listeners are bound.</summary>
    public string ListeningFile => Path.Combine(Inside(Settings.DataDirectory), "listening.json");

    public static NodeDirectory Open(string path)
    {
        var file = Path.Combine(path, NodeSettings.FileName);
        if (!File.Exists(file))
            throw CommandFailureException.Usage($"There is no {NodeSettings.FileName} in {path}. Name the node's directory with --dir or FEDERATION_DIR.");
        try
        {
            return new NodeDirectory(path, NodeSettings.Parse(File.ReadAllText(file)));
        }
        catch (JsonException fault)
        {
            throw CommandFailureException.Usage($"{file} is not valid. {fault.Message}");
        }
    }

    /// <summary>A path inside the directory.</summary>
    public string Inside(string relative) => Path.Combine(Location, relative);

    /// <summary>Where the own listener is reached: what the running node wrote, else what is configured.</summary>
    public Uri OwnAddress()
    {
        var configured = Settings.OwnListener;
        if (configured.Port != 0)
            return ListenerAddress.Uri(configured.Address, configured.Port);
        return ListenerAddress.TryRead(ListeningFile, out var listening)
            ? ListenerAddress.Uri(listening.Own)
            : throw CommandFailureException.Unreachable($"The node in {Location} is not running: {ListeningFile} is missing.");
    }
}
