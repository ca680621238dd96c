using System.Collections.Immutable;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Tables.Cells;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Feishu.Tables.Editing;

/// <summary>What a person gives a cell: text as typed or pasted, or what was picked from a list; neither empties it.</summary>
/// <param name="Ids">Options, people (<c>user_id</c>), records, files or groups that were picked.</param>
/// <param name="Make">Options that there are none of yet.</param>
internal sealed record CellInput(string? Text = null, IReadOnlyList<string>? Ids = null, IReadOnlyList<string>? Make = null);

/// <summary>Reads what people give cells, in the one way that writes of the API are read too.</summary>
internal sealed class CellInputs(EmulatorState state, TableEdit edit, string tableId)
{
    private readonly CellReader _reader = new(state, edit, tableId, state.Named, EditRefusedException.Of);

    /// <exception cref="EditRefusedException">The field does not take it.</exception>
    public Cell? Read(TableField field, CellInput given)
    {
        if (FieldTypes.IsComputed(field.Type)) throw EditRefusedException.Of(1254015);
        // Read once for each cell: an edit may have made options meanwhile.
        var now = edit.Table(tableId).Field(field.FieldId) ?? throw EditRefusedException.Of(1254015);
        if (given is { Ids: null, Make: null })
            return Stored(now, given.Text is null ? null : new TypedText(state, edit.Base).Value(now, given.Text));
        var picked = (given.Ids ?? []).Distinct(StringComparer.Ordinal).ToImmutableArray();
        if (picked.Any(id => !Exists(now, id)))
            throw new EditRefusedException(new("What was picked is gone meanwhile", "所选内容已不存在"));
        if (given.Make is { Count: > 0 } made)
        {
            if (!FieldTypes.IsSelect(now.Type)) throw EditRefusedException.Of(1254015);
            var names = now.Type == FieldTypes.SingleSelect ? (JsonNode)made[0] : made.ToJson();
            picked = [.. picked.Concat((Stored(now, names) as IdsCell)?.Ids ?? []).Distinct(StringComparer.Ordinal)];
        }

        if (picked.Length > 1 && (now.Type == FieldTypes.SingleSelect || !now.Multiple))
            throw new EditRefusedException(new("The field takes one only", "该字段只能选择一项"));
        var most = now.Type switch { FieldTypes.Attachment => 100, FieldTypes.GroupChat => 10,
            FieldTypes.SingleLink or FieldTypes.DuplexLink => IdsCell.MostLinks, _ => 1_000 };
        if (picked.Length > most) throw EditRefusedException.Of(1254130);
        return picked.IsEmpty ? null : new IdsCell(picked);
    }

    private Cell? Stored(TableField field, JsonNode? value) => _reader.Read(new JsonObject { [field.Name] = value })[field.FieldId];

    private bool Exists(TableField field, string id) => field.Type switch
    {
        FieldTypes.SingleSelect or FieldTypes.MultiSelect => field.Option(id) is not null,
        FieldTypes.User => state.Person(id) is not null,
        FieldTypes.GroupChat => state.Chat(id) is not null,
        FieldTypes.Attachment => edit.Base.Files.ContainsKey(id),
        FieldTypes.SingleLink or FieldTypes.DuplexLink => edit.Row(field.LinkedTable ?? "", id) is not null,
        _ => false,
    };
}
