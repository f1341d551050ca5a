using Google.Protobuf.WellKnownTypes;

namespace Federation.Node.Operations;

/// <summary>Times as messages carry them.</summary>
internal static class Times
{
    /// <summary>A moment in milliseconds since 1970-01-01 UTC.</summary>
    public static Timestamp Of(long ms) => Timestamp.FromDateTimeOffset(DateTimeOffset.FromUnixTimeMilliseconds(ms));

    /// <summary>A moment in milliseconds since 1970-01-01 UTC; null for 0, which means none.</summary>
    public static Timestamp? OfOptional(long ms) => ms == 0 ? null : Of(ms);
}
