using System.Text.Json.Nodes;

namespace Larkspur.Feishu.Tables;

/// <summary>What is done with rows.</summary>
internal enum TableWriteKind
{
    Create,
    Update,
    Delete,
}

/// <summary>A row on its way.</summary>
/// <param name="Index">Its place among the rows that were given.</param>
/// <param name="RecordId">Its record, when there is one.</param>
/// <param name="Fields">Its values by field id, which outlives the name; of a deletion none.</param>
internal sealed record PendingRow(int Index, string? RecordId, Dictionary<string, JsonNode?>? Fields);

/// <summary>The body of a write.</summary>
internal sealed record RowsBody(IEnumerable<RowBody> Records);

/// <summary>A row in it, its values by the names that the fields have now.</summary>
internal sealed record RowBody(string? RecordId, Dictionary<string, JsonNode?> Fields);

/// <summary>The body of a deletion.</summary>
internal sealed record IdsBody(IEnumerable<string> Records);
