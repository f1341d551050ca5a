namespace Federation.Simulation.World;

/// <summary>One atomic stretch of work between two suspensions; without a life it belongs to the world itself.</summary>
internal readonly record struct Item(NodeLife? Life, ItemKind Kind, Action<object?> Callback, object? State)
{
    public bool Stale => Life is { Alive: false };

    public bool Cancelled => State is TimerShot { Live: false };

    public static Item Of(NodeLife? life, ItemKind kind, Action action) => new(life, kind, static state => ((Action)state!)(), action);

    public string Describe() => State switch
    {
        Action action => $"{action.Method.DeclaringType?.Name}.{action.Method.Name}",
        TimerShot shot => shot.ToString(),
        null => Callback.Method.Name,
        _ => PoolTap.Describe(State),
    };
}
