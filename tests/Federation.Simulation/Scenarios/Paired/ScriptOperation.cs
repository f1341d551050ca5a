namespace Federation.Simulation.Scenarios.Paired;

/// <summary>The operations of the visible script.</summary>
internal enum ScriptOperation
{
    AddPartner,
    ApplyPolicy,
    Publish,
    Revise,
    Withdraw,
    Erase,
}
