using Federation.Protocol.Records;

namespace Federation.Node.Storage;

/// <summary>Asks to whom copies of an institute's records were passed on.</summary>
/// <param name="Origin">The institute.</param>
/// <param name="Partner">Its number: only copies that it sent itself count.</param>
/// <param name="Record">The one record that is meant; null means all.</param>
/// <param name="After">The record and holder after which to go on; null begins.</param>
/// <param name="Limit">The most holders.</param>
internal sealed record HolderQuery(InstituteId Origin, int Partner, RecordId? Record, (RecordId Record, InstituteId Holder)? After, int Limit);
