using Federation.Simulation.World;

namespace Federation.Simulation.Network;

/// <summary>
/// One direction of a call. Order must survive two hops: an arrival takes the head of what is in flight, whichever arrival
/// fires first, and each item of the receiving node takes the head of its inbox, whichever the seeded choice runs first.
/// </summary>
internal sealed class Lane(SimLinks links, SimNode from, SimNode to)
{
    private readonly Queue<Action> _inFlight = [];
    private readonly Queue<Action> _inbox = [];
    private bool _torn;

    /// <summary>The life that receives; null until the first arrival has found one.</summary>
    public NodeLife? Receiver { get; set; }

    /// <summary>Finds the receiver at the first arrival; false refuses the connection.</summary>
    public Func<bool> Accept { get; init; } = static () => true;

    public void Send(Action action)
    {
        if (_torn)
            return;
        _inFlight.Enqueue(action);
        links.Carry(from, to, Arrive);
    }

    /// <summary>The connection is lost: what is in flight never arrives.</summary>
    public void Tear()
    {
        _torn = true;
        _inFlight.Clear();
    }

    /// <summary>Gives the receiver something behind all that has arrived.</summary>
    public void Deliver(Action action)
    {
        if (Receiver is null)
            return;
        _inbox.Enqueue(action);
        Receiver.World.Enqueue(Item.Of(Receiver, ItemKind.Net, () => _inbox.Dequeue()()));
    }

    private void Arrive()
    {
        if (_torn || !_inFlight.TryDequeue(out var action))
            return;
        if (Receiver is null && !Accept())
            return;
        Deliver(action);
    }
}
