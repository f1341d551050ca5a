using Federation.Protocol.Records;
using Federation.V1.Node;
using Federation.V1.Records;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace Federation.Simulation.Scenarios.Nodes;

/// <summary>
/// What institutes wrote and what partners may see of it, said with lists and loops: no ledger, no tree, no cursor, and nothing of the
/// node's own decision. A version is noted before it is sent, so that whatever a node commits is known here.
/// </summary>
internal sealed class ReferenceModel
{
    // The draft of each version, from version 1 on; null where the record was erased.
    private readonly Dictionary<RecordName, List<RecordDraft?>> _records = [];
    private readonly HashSet<(RecordName Name, int Version)> _gone = [];
    private readonly Dictionary<string, ModelPolicy> _policies = new(StringComparer.Ordinal);

    public IEnumerable<RecordName> Records => _records.Keys;

    /// <summary>The draft of a version; null where the record is erased.</summary>
    public RecordDraft? Content(RecordName name, int version) => _records[name][version - 1];

    /// <summary>The values that a version has.</summary>
    public IReadOnlyList<byte[]> Values(RecordName name, int version)
    {
        var draft = Content(name, version)!;
        return [draft.Envelope.ToByteArray(), .. draft.Parts.Where(part => IsThere(name, version, part)).Select(part => part.Part.ToByteArray())];
    }

    public int Versions(RecordName name) => _records.TryGetValue(name, out var versions) ? versions.Count : 0;

    /// <summary>Notes what will be written next. Parts that are gone still decide over the record, and are not shown.</summary>
    public void Intend(RecordName name, RecordDraft? draft, bool partsGone = false)
    {
        if (!_records.TryGetValue(name, out var versions))
            _records.Add(name, versions = []);
        versions.Add(draft?.Clone());
        if (partsGone)
            _gone.Add((name, versions.Count));
    }

    /// <summary>Takes back a version that the node refused.</summary>
    public void Forget(RecordName name)
    {
        var versions = _records[name];
        versions.RemoveAt(versions.Count - 1);
        if (versions.Count == 0)
            _records.Remove(name);
    }

    public string Intend(ModelPolicy policy)
    {
        var yaml = policy.ToYaml();
        _policies[yaml] = policy;
        return yaml;
    }

    /// <summary>The values of the envelope and of each part that the partner may see; null if the record is hidden from it.</summary>
    public IReadOnlyList<byte[]>? Visible(NodeDisk origin, RecordName name, string partner, long nowMs)
    {
        if (origin.PolicyOf(InstituteId.Parse(partner)) is not { } text)
            return null;
        return Judge(origin, name, partner, _policies[text], nowMs, withReferences: true);
    }

    private List<byte[]>? Judge(NodeDisk origin, RecordName name, string partner, ModelPolicy policy, long nowMs, bool withReferences)
    {
        var version = origin.VersionOf(name);
        if (version == 0 || Content(name, version) is not { } record || !RecordAdmits(record, partner, policy, nowMs))
            return null;
        if (record.Kind == RecordKind.Annotation && (!withReferences || !TargetMayBeNamed(origin, record, partner, policy, nowMs)))
            return null;
        var own = record.Parts.Where(part => PartAdmits(record, part, partner, policy, nowMs)).ToList();
        var envelopeAlone = policy.Rules.Any(rule => !rule.Denies && rule.SharesEnvelope && rule.Matches(record.Kind, record.Envelope));
        if (own.Count == 0 && record.Parts.Count > 0 && !envelopeAlone)
            return null;
        var shown = own.Where(part => IsThere(name, version, part)).Where(part => !withReferences || References(part.Part).All(target => MayBeNamed(origin, target, partner, policy, nowMs)));
        return [record.Envelope.ToByteArray(), .. shown.Select(part => part.Part.ToByteArray())];
    }

    /// <summary>Of a withdrawn record only the target of an annotation is left.</summary>
    private bool IsThere(RecordName name, int version, PartDraft part) =>
        !_gone.Contains((name, version)) || part.Part.ContentCase == Part.ContentOneofCase.AnnotationTarget;

    private static bool RecordAdmits(RecordDraft record, string partner, ModelPolicy policy, long nowMs)
    {
        var marking = record.Envelope.Marking;
        var named = record.Audience.Contains(partner);
        var allowed = policy.Rules.Any(rule => !rule.Denies && rule.Matches(record.Kind, record.Envelope));
        var denied = policy.Rules.Any(rule => rule.Denies && rule.Matches(record.Kind, record.Envelope));
        return !record.Draft
            && Released(record.EmbargoUntil, nowMs)
            && (marking != Marking.Red || named)
            && marking <= policy.Ceiling
            && (record.Audience.Count == 0 || named)
            && allowed
            && !denied;
    }

    private static bool PartAdmits(RecordDraft record, PartDraft part, string partner, ModelPolicy policy, long nowMs)
    {
        var marking = part.Part.Marking > record.Envelope.Marking ? part.Part.Marking : record.Envelope.Marking;
        var audience = part.Audience.Count > 0 ? part.Audience : record.Audience;
        var named = audience.Contains(partner);
        var withheld = policy.Rules.Any(rule => !rule.Denies && rule.Matches(record.Kind, record.Envelope) && rule.Withheld.Contains(part.Part.ContentCase));
        return (marking != Marking.Red || named)
            && marking <= policy.Ceiling
            && (audience.Count == 0 || named)
            && Released(part.EmbargoUntil, nowMs)
            && !withheld
            && (part.Part.ContentCase != Part.ContentOneofCase.AnnotationSeen || TargetOf(record)?.Origin == partner);
    }

    private bool TargetMayBeNamed(NodeDisk origin, RecordDraft record, string partner, ModelPolicy policy, long nowMs) =>
        TargetOf(record) is { } target && MayBeNamed(origin, target, partner, policy, nowMs);

    private bool MayBeNamed(NodeDisk origin, RecordReference target, string partner, ModelPolicy policy, long nowMs)
    {
        var name = new RecordName(InstituteId.Parse(target.Origin), RecordId.Parse(target.RecordId));
        return target.Origin == partner || Judge(origin, name, partner, policy, nowMs, withReferences: false) is not null;
    }

    private static RecordReference? TargetOf(RecordDraft record) =>
        record.Parts.FirstOrDefault(part => part.Part.ContentCase == Part.ContentOneofCase.AnnotationTarget)?.Part.AnnotationTarget.Target;

    private static List<RecordReference> References(Part part) => part.ContentCase switch
    {
        Part.ContentOneofCase.Link => [part.Link.Target],
        Part.ContentOneofCase.PracticeStatement => [.. part.PracticeStatement.Examples],
        Part.ContentOneofCase.AnnotationTarget => [part.AnnotationTarget.Target],
        Part.ContentOneofCase.AnnotationBody => [.. part.AnnotationBody.Results],
        _ => [],
    };

    private static bool Released(Timestamp? embargo, long nowMs) => embargo is null || embargo.ToDateTimeOffset().ToUnixTimeMilliseconds() <= nowMs;
}
