using Federation.V1.Exchange;
using Google.Protobuf;

namespace Federation.Cli.Verification;

/// <summary>A contact file: where a follower stands in a ledger, for its originator.</summary>
internal static class ContactFile
{
    private const int MaxSizeBytes = 64 * 1024;

    public static LedgerContact Read(string path)
    {
        if (new FileInfo(path).Length > MaxSizeBytes)
            throw CommandFailureException.Usage($"{path} is larger than a contact file can be.");
        try
        {
            return LedgerContact.Parser.ParseFrom(File.ReadAllBytes(path));
        }
        catch (InvalidProtocolBufferException fault)
        {
            throw CommandFailureException.Usage($"{path} is no contact file. {fault.Message}");
        }
    }

    /// <summary>Writes it beside its place, then whole into it.</summary>
    public static void Write(string path, LedgerContact contact)
    {
        var partial = path + ".partial";
        File.WriteAllBytes(partial, contact.ToByteArray());
        File.Move(partial, path, overwrite: true);
    }
}
