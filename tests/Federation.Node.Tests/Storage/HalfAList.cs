using System.Collections;

namespace Federation.Node.Tests.Storage;

/// <summary>A list that breaks after its first element: what is written from it fails half way.</summary>
internal sealed class HalfAList<T>(T first) : IReadOnlyList<T>
{
    public int Count => 2;

    public T this[int index] => index == 0 ? first : throw Broken();

    public IEnumerator<T> GetEnumerator()
    {
        yield return first;
        throw Broken();
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private static InvalidOperationException Broken() => new("there is no second one");
}
