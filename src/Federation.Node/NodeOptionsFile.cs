using System.ComponentModel.DataAnnotations;
using System.Net;

namespace Federation.Node;

/// <summary>Reads and checks `node.json`; everything that is wrong is reported at once.</summary>
internal static class NodeOptionsFile
{
    /// <summary>Reads the options of a node's directory; paths come out absolute.</summary>
    public static bool TryRead(string directory, out NodeOptions options, out IReadOnlyList<string> errors)
    {
        options = new NodeOptions();
        var found = new List<string>();
        errors = found;
        var path = Path.Combine(directory, "node.json");
        try
        {
            var configuration = new ConfigurationBuilder().AddJsonFile(path, optional: false, reloadOnChange: false).Build();
            options = configuration.Get<NodeOptions>(binder => binder.ErrorOnUnknownConfiguration = true) ?? new NodeOptions();
        }
        catch (Exception unreadable) when (unreadable is IOException or InvalidDataException or InvalidOperationException or UnauthorizedAccessException)
        {
            found.Add($"{path}: {unreadable.Message}{(unreadable.InnerException is { } inner ? $" {inner.Message}" : "")}");
            return false;
        }

        Check(options, "", found);
        Check(options.PartnerListener, "partnerListener.", found);
        Check(options.OwnListener, "ownListener.", found);
        Check(options.Log, "log.", found);
        CheckAddress(options.PartnerListener, "partnerListener.", found);
        CheckAddress(options.OwnListener, "ownListener.", found);
        MakeAbsolute(options, directory);
        if (!Directory.Exists(options.KeysDirectory))
            found.Add($"keysDirectory: {options.KeysDirectory} does not exist");
        foreach (var (name, file) in new[] { ("ownAuthority", options.OwnAuthority), ("ownCertificate", options.OwnCertificate), ("ownKey", options.OwnKey) })
        {
            if (!File.Exists(file))
                found.Add($"{name}: {file} does not exist");
        }

        return found.Count == 0;
    }

    private static void Check(object options, string prefix, List<string> errors)
    {
        var results = new List<ValidationResult>();
        Validator.TryValidateObject(options, new ValidationContext(options), results, validateAllProperties: true);
        errors.AddRange(results.Select(r => $"{prefix}{string.Join(',', r.MemberNames.Select(CamelCase))}: {r.ErrorMessage}"));
    }

    private static void CheckAddress(ListenerOptions listener, string prefix, List<string> errors)
    {
        if (!IPAddress.TryParse(listener.Address, out _))
            errors.Add($"{prefix}address: '{listener.Address}' is not an IP address");
    }

    private static void MakeAbsolute(NodeOptions options, string directory)
    {
        options.DataDirectory = Path.GetFullPath(options.DataDirectory, directory);
        options.Anchor = Path.GetFullPath(options.Anchor, directory);
        options.KeysDirectory = Path.GetFullPath(options.KeysDirectory, directory);
        options.OwnAuthority = Path.GetFullPath(options.OwnAuthority, directory);
        options.OwnCertificate = Path.GetFullPath(options.OwnCertificate, directory);
        options.OwnKey = Path.GetFullPath(options.OwnKey, directory);
        options.FirstOperator = Path.GetFullPath(options.FirstOperator, directory);
        if (options.DisplayName.Length == 0)
            options.DisplayName = options.Institute;
    }

    private static string CamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
