using System.Globalization;
using Larkspur.Gateway.Syncs.Sides;
using Larkspur.Gateway.Syncs.Values;

namespace Larkspur.Gateway.Syncs.Sources.Relational;

/// <summary>A column of a database's table as its catalogue has it, and how its values become canonical ones and back.</summary>
/// <remarks>A "stored" value is what the driver gives and takes. Reading never throws: what cannot be read is said in the answer.</remarks>
internal abstract class SourceColumn
{
    /// <summary>As the engine sees it.</summary>
    public required SideColumn Shape { get; init; }

    public string Name => Shape.Name;

    public bool IsNullable { get; init; }

    /// <summary>The database fills it by itself when a new row says nothing of it.</summary>
    public bool HasDefault { get; init; }

    /// <summary>Characters that it takes; null: any number.</summary>
    public int? Length { get; init; }

    /// <summary>A stored value as a canonical one.</summary>
    public abstract Reading Read(ValueKind kind, object? stored);

    /// <summary>A canonical value as it is stored.</summary>
    public abstract Writing Write(ValueKind kind, string value);

    /// <summary>What is stored for no value where null is not taken; null: there is nothing that would read as no value.</summary>
    public abstract object? Nothing(ValueKind kind);

    /// <summary>A key is what its row is asked for by: false where the stored value would not be found by its canonical one.</summary>
    public abstract bool IsFoundBy(ValueKind kind, object? stored, string value);

    /// <summary>As the column that marks deleted rows: the row is deleted.</summary>
    public abstract bool IsMarked(object? stored);

    /// <summary>What marks a row as deleted.</summary>
    public abstract object Mark(DateTimeOffset now);

    /// <summary>What marks it as not deleted.</summary>
    public abstract object? NoMark { get; }

    /// <summary>As the column that says when a row changed; null: it does not say.</summary>
    public abstract DateTimeOffset? Time(object? stored);
}

/// <summary>A value that was read.</summary>
/// <param name="Value">Canonical; no value where it could not be read.</param>
/// <param name="Problem">Why it could not.</param>
internal readonly record struct Reading(string? Value, string? Problem = null)
{
    private const int Excerpt = 60;

    /// <summary>It is not what its field holds.</summary>
    public static Reading Not(ValueKind kind, object stored, string why = Problems.ValueUnreadable)
    {
        var text = stored is byte[] bytes ? $"{bytes.Length} bytes" : Convert.ToString(stored, CultureInfo.InvariantCulture)!;
        return new(Canonical.Nothing(kind), $"{why}: {(text.Length > Excerpt ? text[..Excerpt] + "…" : text)}");
    }
}

/// <summary>A value that is to be written.</summary>
/// <param name="Stored">As the driver takes it.</param>
/// <param name="Problem">Why the column does not take it: a word of <see cref="Problems"/>.</param>
/// <param name="Detail">The same in words.</param>
internal readonly record struct Writing(object? Stored, string? Problem = null, string? Detail = null)
{
    public static Writing Not(string detail, string problem = Problems.ValueRefused) => new(null, problem, detail);
}
