using System.Security.Cryptography;
using System.Text;

namespace Federation.Formats.Drafting;

/// <summary>Makes the local key of a part from what the part is about, so that a later import finds the same part again.</summary>
internal static class PartKey
{
    private const int DigestChars = 16;
    private const int OrdinalChars = 8;

    internal static string Of(string type, string about)
    {
        var key = about.Length == 0 ? type : $"{type}:{about}";
        const int limit = DraftLimits.KeyChars - OrdinalChars;
        if (key.Length <= limit)
            return key;
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(key)))[..DigestChars];
        return $"{TextCut.Start(key, limit - DigestChars - 1)}~{digest}";
    }
}
