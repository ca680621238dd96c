using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;

namespace Larkspur.Feishu.ApiGenerator.Facts;

/// <summary>Compares collections of fact files by content: an immutable array alone compares by reference.</summary>
internal static class FactFiles
{
    public static IEqualityComparer<ImmutableArray<FactFile>> Comparer { get; } = new ByContent();

    private sealed class ByContent : IEqualityComparer<ImmutableArray<FactFile>>
    {
        public bool Equals(ImmutableArray<FactFile> x, ImmutableArray<FactFile> y) => x.SequenceEqual(y);

        public int GetHashCode(ImmutableArray<FactFile> files) => files.Length;
    }
}
