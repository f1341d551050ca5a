namespace Federation.Node.Exchange;

/// <summary>The bounds of the exchange, the same for every node.</summary>
internal static class ExchangeLimits
{
    /// <summary>The one protocol version that this program speaks.</summary>
    public const uint Version = 1;

    /// <summary>The most entries of a batch.</summary>
    public const int MaxBatchEntries = 256;

    /// <summary>The most community lists that a node says or hears at contact.</summary>
    public const int MaxCommunities = 8;

    /// <summary>The most key manifests of one institute.</summary>
    public const int MaxManifests = 64;

    /// <summary>A batch is flushed once its visible bytes reach this.</summary>
    public const int FlushBytes = 256 * 1024;

    /// <summary>The largest message that a follower receives.</summary>
    public const int FollowerReceiveBytes = 1024 * 1024;

    /// <summary>The largest message that the partner listener receives.</summary>
    public const int PartnerReceiveBytes = 128 * 1024;

    /// <summary>The deadline of a unary call.</summary>
    public static readonly TimeSpan UnaryDeadline = TimeSpan.FromSeconds(10);

    /// <summary>How often a head is sent when there is nothing new.</summary>
    public static readonly TimeSpan IdleHeadEvery = TimeSpan.FromSeconds(30);

    /// <summary>A follower that hears nothing for this long takes the connection for lost: three heads missed.</summary>
    public static readonly TimeSpan SilenceLimit = TimeSpan.FromSeconds(95);

    /// <summary>The least time between two pieces of evidence that are taken of one partner.</summary>
    public static readonly TimeSpan EvidenceTakenEvery = TimeSpan.FromSeconds(1);

    /// <summary>How often it is looked whether a partner's heads stay away.</summary>
    public static readonly TimeSpan HeadWatchEvery = TimeSpan.FromSeconds(10);

    /// <summary>The most entries of one message of an echo; each may carry a record.</summary>
    public const int EchoEntries = 32;

    /// <summary>The most items that are taken of an echo.</summary>
    public const int MaxEchoItems = 2_000_000;

    /// <summary>The most bytes of records that are taken of an echo; beyond them records come back by name alone.</summary>
    public const long MaxEchoBytes = 256L * 1024 * 1024;

    /// <summary>How long an echo may take.</summary>
    public static readonly TimeSpan EchoDeadline = TimeSpan.FromMinutes(10);

    /// <summary>How long one write to a partner may take.</summary>
    public static readonly TimeSpan WriteDeadline = TimeSpan.FromSeconds(60);

    /// <summary>A stream ends after this, within ten percent, so that keys and limits are looked at anew.</summary>
    public static readonly TimeSpan StreamAge = TimeSpan.FromMinutes(60);

    /// <summary>The least time between two calls for entries that were sent before.</summary>
    public static readonly TimeSpan RepairEvery = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two receipts that a follower sends.</summary>
    public static readonly TimeSpan ReceiptEvery = TimeSpan.FromSeconds(1);

    /// <summary>The least time between two receipts that are taken; below the follower's own, so that clocks may differ.</summary>
    public static readonly TimeSpan ReceiptTakenEvery = TimeSpan.FromMilliseconds(200);
}
