using Federation.Node.Ledger;
using Federation.Node.Partners;
using Federation.V1.Node;

namespace Federation.Node.Operations;

/// <summary>Shows the clock that embargoes are held against, and lets an operator vouch for it.</summary>
internal sealed class ClockDesk(ReleaseClock clock, RosterSource roster, ILogger<ClockDesk> logger)
{
    /// <summary>The clock's state.</summary>
    public GetClockResponse Read()
    {
        var state = clock.Read();
        var response = new GetClockResponse
        {
            Wall = Times.Of(state.WallMs),
            ReleasedTo = Times.Of(state.ReleasedToMs),
            Trusted = state.Trusted,
            Reason = ReasonOf(state),
        };
        foreach (var (partner, aheadMs, ageMs) in state.Witnesses)
        {
            var institute = roster.Current.Find(partner)?.Institute.ToString() ?? "";
            response.Witnesses.Add(new ClockWitness { Partner = institute, AheadMs = aheadMs, AgeMs = ageMs });
        }

        return response;
    }

    /// <summary>An operator vouches for the wall clock.</summary>
    public void Confirm(string client)
    {
        clock.Confirm();
        NodeLog.ClockConfirmed(logger, client);
    }

    private static string ReasonOf(ReleaseClockState state)
    {
        if (!state.Trusted)
            return "No embargo ends: fewer than two partners' fresh heads are within five minutes of the wall clock, and no operator has confirmed it.";
        return state.Consented ? "An operator has confirmed the clock." : "At least two partners' heads agree with the clock.";
    }
}
