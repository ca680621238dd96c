using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Larkspur.Gateway.Syncs.Mapping;

/// <summary>A sync as somebody asks for it: what stands in its file, and what is kept of it. Names are people's names of fields.</summary>
internal sealed record SyncSpec
{
    private static readonly JsonSerializerOptions Form = new(JsonSerializerDefaults.Web)
    {
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower) },
    };

    public required TablePlace Table { get; init; }

    public required SourcePlace Source { get; init; }

    /// <summary>Columns of the source that make a row's key. They are mapped, and the table's fields hold the same.</summary>
    public required IReadOnlyList<string> Key { get; init; }

    /// <summary>Which way rows and, unless a field says otherwise, values go.</summary>
    public Flow Direction { get; init; }

    /// <summary>What is done when both sides changed a value, unless a field says otherwise.</summary>
    public ConflictPolicy Conflict { get; init; }

    public required IReadOnlyList<FieldSpec> Fields { get; init; }

    public DeletionRules Deletes { get; init; } = new();

    /// <summary>A column that says when the source's row changed last; for <see cref="ConflictPolicy.Newest"/>.</summary>
    public string? ChangedColumn { get; init; }

    /// <summary>A key whose row is always on both sides: when it is not seen, nothing is believed.</summary>
    public string? Sentinel { get; init; }

    /// <summary>What a row of the table without a key gets.</summary>
    public NewKeys NewKeys { get; init; }

    /// <summary>A select's missing option is made. False: the row waits, for a typing error would make one too.</summary>
    public bool NewOptions { get; init; }

    /// <summary>Who is told when it stops, or when a person must decide: an e-mail address or a person's id.</summary>
    public string? Notify { get; init; }

    public static SyncSpec Read(string json) => JsonSerializer.Deserialize<SyncSpec>(json, Form)!;

    public string ToJson() => JsonSerializer.Serialize(this, Form);
}

/// <summary>The table.</summary>
/// <param name="Base">A base that was opened, by its name.</param>
/// <param name="Table">Its id, or its name.</param>
internal sealed record TablePlace(string Base, string Table);

/// <summary>The company's own data.</summary>
/// <param name="Connection">A connection that an administrator made, by its name.</param>
/// <param name="Table">The table there.</param>
internal sealed record SourcePlace(string Connection, string Table);

/// <summary>A field and its column.</summary>
internal sealed record FieldSpec
{
    /// <summary>By name or id.</summary>
    public required string Field { get; init; }

    public required string Column { get; init; }

    public Flow? Direction { get; init; }

    public ConflictPolicy? Conflict { get; init; }

    /// <summary>What its values are, where the columns leave a choice: a word of <see cref="Values.ValueKind"/>.</summary>
    public string? As { get; init; }
}

/// <summary>What becomes of a row that somebody deleted on the other side.</summary>
internal sealed record DeletionRules
{
    /// <summary>Of the table's record.</summary>
    public DeletionRule InTable { get; init; } = DeletionRule.Delete;

    /// <summary>Of the source's row. Data of a company is kept unless somebody asks for it.</summary>
    public DeletionRule InSource { get; init; } = DeletionRule.Keep;

    /// <summary>For <see cref="DeletionRule.Mark"/>: the column that is set. A row in which it is set counts as deleted.</summary>
    public string? MarkColumn { get; init; }

    /// <summary>So long a deleted row can come back (somebody takes it back in the table) before the other side's is deleted.</summary>
    public TimeSpan After { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>More than so many at once need a person's yes, when they are also more than <see cref="MostShare"/>.</summary>
    public int Most { get; init; } = 20;

    /// <summary>Of all rows, 0 to 1.</summary>
    public double MostShare { get; init; } = 0.1;

    /// <summary>So many may be deleted without a question.</summary>
    public long LimitOf(long rows) => Math.Max(Most, (long)(rows * MostShare));

    public DeletionRule In(SideName side) => side == SideName.Table ? InTable : InSource;
}

internal enum DeletionRule
{
    /// <summary>It is deleted too.</summary>
    Delete,

    /// <summary>A column says that it is deleted (the source only).</summary>
    Mark,

    /// <summary>It stays, and is no longer synchronised.</summary>
    Keep,
}

/// <summary>What a row of the table without a key gets.</summary>
internal enum NewKeys
{
    /// <summary>Nothing: it waits until somebody fills in the key.</summary>
    Wait,

    /// <summary>A random UUID.</summary>
    Uuid,
}
