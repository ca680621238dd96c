using System.Security.Cryptography;
using System.Text;

namespace Larkspur.Feishu.Tables;

/// <summary>
/// What a cell holds, in one canonical form, whichever of the platform's four wire shapes it came in: a search, the old list, the echo of
/// a write, or a change event.
/// </summary>
/// <remarks>
/// Two cells are equal when <see cref="Canonical"/> is: names, avatars, addresses of files and the order of people do not count. Never
/// compare the platform's JSON; the same value looks different in every answer. A cell that holds nothing is <see cref="Empty"/>, and
/// every kind's own empty value (no text, no people, no options) equals it; an unset checkbox equals false and is not empty.
/// Source: bitable-v1 record-data-structure; search, list, batch_update and event pages.
/// </remarks>
public abstract class CellValue : IEquatable<CellValue>
{
    private const int HashBytes = 16;

    private protected CellValue()
    {
    }

    /// <summary>A cell with nothing in it. Written, it clears the cell.</summary>
    public static CellValue Empty { get; } = new EmptyCell();

    /// <summary>The cell holds nothing.</summary>
    public abstract bool IsEmpty { get; }

    /// <summary>
    /// The value as text that is the same for equal values, and stays the same between versions of this library: what is compared and
    /// hashed.
    /// </summary>
    public string Canonical => field ??= IsEmpty ? "empty" : $"{Kind}:{Body}";

    /// <summary>
    /// The first 128 bits of the SHA-256 of <see cref="Canonical"/>, in lower-case hexadecimal: to be kept in a database.
    /// </summary>
    public string StableHash => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical)).AsSpan(0, HashBytes));

    private protected abstract string Kind { get; }

    private protected abstract string Body { get; }

    /// <summary>Equal values.</summary>
    public static bool operator ==(CellValue? left, CellValue? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Different values.</summary>
    public static bool operator !=(CellValue? left, CellValue? right) => !(left == right);

    /// <inheritdoc/>
    public bool Equals(CellValue? other) => other is not null && Canonical == other.Canonical;

    /// <inheritdoc/>
    public sealed override bool Equals(object? obj) => Equals(obj as CellValue);

    /// <summary>For dictionaries of this process; to keep one, take <see cref="StableHash"/>.</summary>
    public sealed override int GetHashCode() => StringComparer.Ordinal.GetHashCode(Canonical);

    /// <summary>The canonical form.</summary>
    public sealed override string ToString() => Canonical;

    /// <summary>Texts in one, told apart by their lengths, so that no separator can be part of one.</summary>
    private protected static string Joined(IEnumerable<string> items) => string.Concat(items.Select(item => $"{item.Length}:{item}"));

    private sealed class EmptyCell : CellValue
    {
        public override bool IsEmpty => true;

        private protected override string Kind => "empty";

        private protected override string Body => "";
    }
}
