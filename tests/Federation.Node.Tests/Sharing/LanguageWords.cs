using Federation.Node.Sharing;
using Federation.Protocol.Records;

namespace Federation.Node.Tests.Sharing;

/// <summary>The keys and words of the policy language as its documentation lists them.</summary>
internal static class LanguageWords
{
    public static readonly string[] ConditionKeys =
    [
        "kinds", "states", "min_marking", "max_marking", "topics", "without_topics", "incident_severity", "flaw_severity", "origins", "languages",
        "availability", "issued", "onward", "permitted_actions", "attribution",
    ];

    public static readonly string[] RuleKeys = ["name", "allow", "deny", "audience", "withhold", "show", "envelope", "embargo", "parts"];

    public static readonly string[] ExampleKeys =
    [
        "name", "record", "for", "at", "expect", "institute", "type", "marking", "kind", "state", "origin", "language", "published",
    ];

    public static readonly string[] Keys =
    [
        "version", "ceiling", "rules", "examples", .. RuleKeys, .. ConditionKeys, "institutes", "groups", "min", "max", "from", "before", "until",
        "after_publication",
    ];

    public static readonly string[] All =
    [
        .. Keys, .. ExampleKeys, "share", "hide", .. RecordKinds.Names, .. Markings.Names, .. PartTypes.Names, .. Vocabulary.States.Words,
        .. Vocabulary.IncidentSeverities.Words, .. Vocabulary.FlawSeverities.Words, .. Vocabulary.Availabilities.Words, .. Vocabulary.Onward.Words,
        .. Vocabulary.PermittedActions.Words, .. Vocabulary.Attributions.Words,
    ];
}
