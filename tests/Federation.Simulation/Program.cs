using System.Globalization;
using Federation.Simulation.Conformance;
using Federation.Simulation.Scenarios;
using Xunit.MicrosoftTestingPlatform;

namespace Federation.Simulation;

/// <summary>A program and its tests: <c>simulate</c> and <c>conformance</c> take the thread pool captive here, anything else is for the test runner.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args switch
    {
        ["simulate", .. var rest] => SimulateCommand.Run(rest),
        ["conformance", var seeds] => ConformanceCommand.Run(int.Parse(seeds, CultureInfo.InvariantCulture)),
        _ => await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    };
}
