using System.Globalization;

namespace Larkspur.Feishu.Tables;

/// <summary>A number, also an amount of money, a progress or a rating: a double on the platform, whatever it shows.</summary>
/// <remarks>
/// A <c>numeric(38,10)</c> and a <c>bigint</c> above 2^53 do not survive the way there and back; keep such columns in text fields. A cell
/// made of such a value knows it (<see cref="IsExact"/>) and is refused when it is written. Minus zero is zero.
/// </remarks>
public sealed class NumberCell : CellValue
{
    /// <summary>A double as it is.</summary>
    public NumberCell(double value)
    {
        Value = value + 0.0 == 0 ? 0 : value;
        IsExact = true;
    }

    /// <summary>The nearest double of a decimal.</summary>
    public NumberCell(decimal value) : this((double)value) => IsExact = TryGetDecimal(out var back) && back == value;

    /// <summary>The nearest double of a whole number.</summary>
    public NumberCell(long value) : this((decimal)value)
    {
    }

    /// <summary>The number.</summary>
    public double Value { get; }

    /// <summary>The cell holds just what it was made of; false: digits are lost. What was read is always exact.</summary>
    public bool IsExact { get; }

    /// <inheritdoc/>
    public override bool IsEmpty => false;

    private protected override string Kind => "number";

    private protected override string Body => Value.ToString("R", CultureInfo.InvariantCulture);

    /// <summary>A decimal reaches the platform and comes back as the same decimal.</summary>
    public static bool Survives(decimal value) => new NumberCell(value).IsExact;

    /// <summary>The number as a decimal: the one with the fewest digits that is this double. False: it is too large, or none.</summary>
    public bool TryGetDecimal(out decimal value) =>
        decimal.TryParse(Body, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && (value != 0 || Value == 0);
}
