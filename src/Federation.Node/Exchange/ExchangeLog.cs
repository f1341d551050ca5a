using Federation.Protocol.Records;

namespace Federation.Node.Exchange;

/// <summary>The log messages of the exchange, with ids that an operator can search for.</summary>
internal static partial class ExchangeLog
{
    [LoggerMessage(EventId = 3001, Level = LogLevel.Information, Message = "Contact with {Partner}: it holds {Held} entries of {Size}")]
    public static partial void Contact(ILogger logger, InstituteId partner, ulong held, ulong size);

    [LoggerMessage(EventId = 3002, Level = LogLevel.Critical, Message = "The ledger for {Partner} is forked, nothing more is signed: {Detail}")]
    public static partial void Forked(ILogger logger, InstituteId partner, string detail);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning,
        Message = "The ledger for {Partner} lost its end: a head of size {Size} was signed and {Signed} entries are certain here; nothing is signed until it is back")]
    public static partial void Behind(ILogger logger, InstituteId partner, ulong size, ulong signed);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Warning,
        Message = "The ledger for {Partner} is back at {Size} entries: {Entries} came from the partner, {Records} records were made anew, {Erased} were erased, {Moved} own entries were dropped to be judged again")]
    public static partial void Recovered(ILogger logger, InstituteId partner, ulong size, long entries, int records, int erased, int moved);

    [LoggerMessage(EventId = 3006, Level = LogLevel.Warning, Message = "The end of the ledger for {Partner} can't be got back yet: {Cause}; trying again in {Delay}")]
    public static partial void NotRecovered(ILogger logger, InstituteId partner, string cause, TimeSpan delay);

    [LoggerMessage(EventId = 3007, Level = LogLevel.Warning, Message = "{Partner} came back with {Held} entries and had receipted {Receipted}, as after a restore: it gets the rest again")]
    public static partial void ReceiptRegressed(ILogger logger, InstituteId partner, ulong held, ulong receipted);

    [LoggerMessage(EventId = 3003, Level = LogLevel.Error, Message = "A receipt of {Partner} can't be true: {Detail}")]
    public static partial void FalseReceipt(ILogger logger, InstituteId partner, string detail);

    [LoggerMessage(EventId = 3004, Level = LogLevel.Warning, Message = "{Partner} has confirmed other live entries than it was told of: {Detail}")]
    public static partial void LiveSetDiffers(ILogger logger, InstituteId partner, string detail);

    [LoggerMessage(EventId = 3005, Level = LogLevel.Error, Message = "What {Partner} sends is contradicted by another copy: {Detail}")]
    public static partial void Contradicted(ILogger logger, InstituteId partner, string detail);

    [LoggerMessage(EventId = 3020, Level = LogLevel.Warning, Message = "{Partner} hands over evidence about {Accused}: {Detail}")]
    public static partial void EvidenceTaken(ILogger logger, InstituteId partner, InstituteId accused, string detail);

    [LoggerMessage(EventId = 3010, Level = LogLevel.Information, Message = "Following {Partner} from {Size} on")]
    public static partial void Following(ILogger logger, InstituteId partner, ulong size);

    [LoggerMessage(EventId = 3011, Level = LogLevel.Information, Message = "Lost {Partner}: {Cause}; trying again in {Delay}")]
    public static partial void Lost(ILogger logger, InstituteId partner, string cause, TimeSpan delay);

    [LoggerMessage(EventId = 3012, Level = LogLevel.Critical, Message = "The ledger of {Partner} is halted at {Size}, evidence is kept: {Detail}")]
    public static partial void Halted(ILogger logger, InstituteId partner, ulong size, string detail);

    [LoggerMessage(EventId = 3013, Level = LogLevel.Warning, Message = "Record {Record} of {Partner} is in quarantine: {Reason}")]
    public static partial void Quarantined(ILogger logger, InstituteId partner, RecordId record, string reason);

    [LoggerMessage(EventId = 3014, Level = LogLevel.Warning, Message = "A receipt for {Partner} was refused: {Cause}")]
    public static partial void ReceiptRefused(ILogger logger, InstituteId partner, string cause);

    [LoggerMessage(EventId = 3017, Level = LogLevel.Warning, Message = "What is held of {Partner} at {Size} is not the {Live} live entries that it signed: asking for them again")]
    public static partial void LiveEntriesDiffer(ILogger logger, InstituteId partner, ulong size, ulong live);

    [LoggerMessage(EventId = 3018, Level = LogLevel.Warning, Message = "{Entries} entries of {Partner} in {Buckets} buckets were stored again")]
    public static partial void Repaired(ILogger logger, InstituteId partner, int entries, int buckets);

    [LoggerMessage(EventId = 3015, Level = LogLevel.Error, Message = "Following {Partner} failed")]
    public static partial void Failed(ILogger logger, InstituteId partner, Exception failure);

    [LoggerMessage(EventId = 3032, Level = LogLevel.Information, Message = "A stretch of the ledger of {Partner} came as a file: {From} to {To}")]
    public static partial void Imported(ILogger logger, InstituteId partner, ulong from, ulong to);

    [LoggerMessage(EventId = 3030, Level = LogLevel.Warning, Message = "The ledger for {Partner} begins anew: incarnation {New} follows {Old} ({Reason})")]
    public static partial void Reset(ILogger logger, InstituteId partner, uint old, uint @new, string reason);

    [LoggerMessage(EventId = 3031, Level = LogLevel.Warning, Message = "An operator accepted the reset by {Partner}: {Size} entries of the old are kept, incarnation {New} is followed")]
    public static partial void ResetAccepted(ILogger logger, InstituteId partner, ulong size, uint @new);

    [LoggerMessage(EventId = 3016, Level = LogLevel.Warning, Message = "{Partner} has stopped, or its heads are held back: none came for {Seconds} seconds")]
    public static partial void HeadsOverdue(ILogger logger, InstituteId partner, long seconds);

    [LoggerMessage(EventId = 3019, Level = LogLevel.Information, Message = "Heads of {Partner} come again")]
    public static partial void HeadsCome(ILogger logger, InstituteId partner);
}
