namespace Larkspur.Feishu.Tables;

/// <summary>What a formula or a lookup came to: read, never written, and in no change event.</summary>
public sealed class ComputedCell(IEnumerable<CellValue> values) : CellValue
{
    /// <summary>The result: one value of a formula, any number of a lookup.</summary>
    public IReadOnlyList<CellValue> Values { get; } = [.. values.Where(value => !value.IsEmpty)];

    /// <summary>The only value; <see cref="CellValue.Empty"/> when there is none, or more than one.</summary>
    public CellValue Single => Values.Count == 1 ? Values[0] : Empty;

    /// <inheritdoc/>
    public override bool IsEmpty => Values.Count == 0;

    private protected override string Kind => "computed";

    private protected override string Body => Joined(Values.Select(value => value.Canonical));
}
