namespace Federation.Node.Tests.Tidy;

/// <summary>A type that a file declares.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">class, record, struct, interface, enum or delegate.</param>
/// <param name="Modifiers">The words before the kind.</param>
/// <param name="Line">The line of the declaration, from 1.</param>
/// <param name="IsNested">Whether it is declared inside another type.</param>
internal sealed record CodeType(string Name, string Kind, string Modifiers, int Line, bool IsNested)
{
    public bool Has(string modifier) => Modifiers.Split(' ', StringSplitOptions.RemoveEmptyEntries).Contains(modifier);
}
