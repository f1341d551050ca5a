using System.Text.Json;
using Federation.Node.Operations;
using Federation.Node.Storage;
using Federation.Node.Storage.Sqlite;

namespace Federation.Node;

/// <summary>What the program does with a store while no node runs on it: checking a backup and restoring one.</summary>
internal static class OfflineVerbs
{
    /// <summary>What the program ends with when a check does not hold.</summary>
    public const int Unverified = 4;

    /// <summary>Checks a backup; writes what it holds as one line of JSON.</summary>
    public static int Check(BackupFiles files, TextWriter output, TextWriter error) => Run(() => BackupReading.Check(files), output, error);

    /// <summary>Makes the store of an empty data directory out of a backup. A node that runs on the directory refuses it.</summary>
    public static int Restore(NodeOptions options, BackupFiles files, TextWriter output, TextWriter error) => Run(
        () =>
        {
            NodeHost.MakePrivate(options.DataDirectory);
            using var dataLock = DataLock.Take(options.DataDirectory);
            var manifest = BackupReading.Restore(files, Path.Combine(options.DataDirectory, NodeHost.DatabaseName), options.Institute);
            return manifest;
        },
        output,
        error);

    private static int Run(Func<BackupManifest> verb, TextWriter output, TextWriter error)
    {
        try
        {
            var manifest = verb();
            output.WriteLine(JsonSerializer.Serialize(manifest, JsonSerializerOptions.Web));
            return 0;
        }
        catch (InvalidDataException fault)
        {
            error.WriteLine(fault.Message);
            return Unverified;
        }
        catch (Exception refusal) when (refusal is IOException or UnauthorizedAccessException or StoreFaultException or StoreFullException)
        {
            error.WriteLine(refusal.Message);
            return 1;
        }
    }
}
