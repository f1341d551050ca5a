using Federation.Simulation.Scenarios.Embargo;
using Federation.Simulation.Scenarios.Nodes;
using Federation.Simulation.Scenarios.Paired;
using Federation.Simulation.Scenarios.Probe;
using Federation.Simulation.Scenarios.Restores;
using Federation.Simulation.Scenarios.Sqlite;
using Federation.Simulation.Scenarios.Taint;

namespace Federation.Simulation.Scenarios;

/// <summary>Every scenario by its name on the command line.</summary>
internal static class ScenarioCatalog
{
    private static readonly SortedDictionary<string, Func<Scenario>> s_scenarios = new(StringComparer.Ordinal)
    {
        ["federation"] = static () => new FederationScenario(TimeSpan.FromMinutes(4)),
        ["federation-hour"] = static () => new FederationScenario(TimeSpan.FromHours(1)),
        ["adversary"] = static () => new AdversaryScenario(),
        ["embargo"] = static () => new EmbargoScenario(restarts: true),
        ["embargo-jumps"] = static () => new EmbargoScenario(restarts: false),
        ["planted-cursor"] = static () => new FederationScenario(TimeSpan.FromMinutes(4), PlantedBugs.CursorWithoutRecord),
        ["planted-receipt"] = static () => new FederationScenario(TimeSpan.FromMinutes(4), PlantedBugs.ReceiptBeforeCommit),
        ["planted-answer"] = static () => new FederationScenario(TimeSpan.FromMinutes(4), PlantedBugs.AnswerBeforeCommit),
        ["planted-guard"] = static () => new FederationScenario(TimeSpan.FromMinutes(4), PlantedBugs.BlindGuard),
        ["planted-timers"] = static () => new FederationScenario(TimeSpan.FromMinutes(4), PlantedBugs.LostTimers),
        ["planted-pride"] = static () => new RestoreScenario(plantedAnswers: PlantedAmnesia.WhoIsAhead),
        ["planted-stands"] = static () => new RestoreScenario(PlantedAmnesia.WhatStands),
        ["paired"] = static () => new PairedScenario(new PairedOptions()),
        ["paired-fine"] = static () => new PairedScenario(new PairedOptions { FineMoments = true }),
        ["paired-second"] = static () => new PairedScenario(new PairedOptions { WholeSeconds = true }),
        ["paired-spelling"] = static () => new PairedScenario(new PairedOptions { Respells = true }),
        ["paired-aimed"] = static () => new PairedScenario(new PairedOptions { Aims = true }),
        ["paired-long"] = static () => new PairedScenario(new PairedOptions { Long = true }),
        ["paired-many"] = static () => new PairedScenario(new PairedOptions { Many = true }),
        ["paired-leak-edit"] = static () => new PairedScenario(new PairedOptions { LeakingStore = PlantedLeaks.StatementCountsEdits }),
        ["paired-leak-cost"] = static () => new PairedScenario(new PairedOptions { LeakingStore = PlantedLeaks.HiddenWorkTakesTime }),
        ["paired-leak-cut"] = static () => new PairedScenario(new PairedOptions { LeakingEndpoint = PlantedLeaks.RecordsCutBatches }),
        ["paired-leak-error"] = static () => new PairedScenario(new PairedOptions { LeakingEndpoint = PlantedLeaks.ForeignIsNotAbsent }),
        ["taint-leak-bytes"] = static () => new PairedScenario(new PairedOptions { Compares = false, LeakingEndpoint = PlantedLeaks.IdInBatch }),
        ["taint-leak-trailer"] = static () => new PairedScenario(new PairedOptions { Compares = false, LeakingEndpoint = PlantedLeaks.IdInTrailer }),
        ["taint-leak-status"] = static () => new PairedScenario(new PairedOptions { Compares = false, LeakingEndpoint = PlantedLeaks.IdInStatus }),
        ["taint-leak-log"] = static () => new PairedScenario(new PairedOptions { Compares = false, LeakingEndpoint = PlantedLeaks.IdInLog }),
        ["taint-wire"] = static () => new PairedScenario(new PairedOptions { Compares = false }),
        ["probe"] = static () => new ProbeScenario(),
        ["restores"] = static () => new RestoreScenario(),
        ["sqlite"] = static () => new SqliteScenario(),
        ["taint-random"] = static () => new TaintScenario(Taints.ProcessRandomness),
        ["taint-hash-order"] = static () => new TaintScenario(Taints.StringHash),
        ["taint-system-timer"] = static () => new TaintScenario(Taints.SystemTimer),
        ["taint-thread"] = static () => new TaintScenario(Taints.ForeignThread),
        ["taint-blocking"] = static () => new TaintScenario(Taints.BlockingWait),
        ["taint-fault"] = static () => new TaintScenario(Taints.FaultedLoop),
    };

    public static IEnumerable<string> Names => s_scenarios.Keys;

    public static Func<Scenario>? Find(string name) => s_scenarios.GetValueOrDefault(name);
}
