using Federation.V1.Records;

namespace Federation.Simulation.Scenarios.Restores;

/// <summary>The two policies of these runs, which differ in their ceiling alone.</summary>
internal static class Ceilings
{
    public const string Wide = "version: 1\nceiling: AMBER\nrules: [{name: all, allow: {}}]\n";

    public const string Narrow = "version: 1\nceiling: GREEN\nrules: [{name: all, allow: {}}]\n";

    /// <summary>The highest marking that a policy lets through.</summary>
    public static Marking Of(string policy) => policy == Wide ? Marking.Amber : Marking.Green;
}
