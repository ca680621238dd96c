using System.Text.Json.Nodes;
using Larkspur.Emulator.Control;
using Larkspur.Emulator.Feishu.Tables;

namespace Larkspur.Emulator.Feishu.Control;

/// <summary>Shows and changes how tables behave; what is not named stays.</summary>
internal static class TableRulesCommand
{
    private static readonly string[] Known =
    [
        "client_token_minutes", "write_lock_ms", "repeat_seconds", "cells_raise_revision", "revision_per_row", "equal_writes_count",
        "events_list_all_fields", "option_rename_edits_rows", "time_resolution_ms", "page_token_seconds", "tenant_operator",
    ];

    public static JsonObject Change(CurrentTableRules current, ControlInput input)
    {
        input.Only(Known);
        var (now, day) = (current.Now, 24 * 60);
        var teller = input.Text("tenant_operator") ?? now.TenantOperator;
        if (teller is not ("bot" or "empty")) throw new ControlRefusal("\"tenant_operator\" is bot or empty.");
        current.Now = new TableRules
        {
            ClientTokenMinutes = input.Int("client_token_minutes", 0, day) ?? now.ClientTokenMinutes,
            WriteLockMs = input.Int("write_lock_ms", 0, 60_000) ?? now.WriteLockMs,
            RepeatSeconds = input.Int("repeat_seconds", 0, 3_600) ?? now.RepeatSeconds,
            CellsRaiseRevision = input.Flag("cells_raise_revision", now.CellsRaiseRevision),
            RevisionPerRow = input.Flag("revision_per_row", now.RevisionPerRow),
            EqualWritesCount = input.Flag("equal_writes_count", now.EqualWritesCount),
            EventsListAllFields = input.Flag("events_list_all_fields", now.EventsListAllFields),
            OptionRenameEditsRows = input.Flag("option_rename_edits_rows", now.OptionRenameEditsRows),
            TimeResolutionMs = input.Int("time_resolution_ms", 1, 60_000) ?? now.TimeResolutionMs,
            PageTokenSeconds = input.Int("page_token_seconds", 0, 86_400) ?? now.PageTokenSeconds,
            TenantOperator = teller,
        };
        return Show(current);
    }

    public static JsonObject Show(CurrentTableRules current) => new()
    {
        ["client_token_minutes"] = current.Now.ClientTokenMinutes, ["write_lock_ms"] = current.Now.WriteLockMs,
        ["repeat_seconds"] = current.Now.RepeatSeconds, ["cells_raise_revision"] = current.Now.CellsRaiseRevision,
        ["revision_per_row"] = current.Now.RevisionPerRow, ["equal_writes_count"] = current.Now.EqualWritesCount,
        ["events_list_all_fields"] = current.Now.EventsListAllFields, ["option_rename_edits_rows"] = current.Now.OptionRenameEditsRows,
        ["time_resolution_ms"] = current.Now.TimeResolutionMs, ["page_token_seconds"] = current.Now.PageTokenSeconds,
        ["tenant_operator"] = current.Now.TenantOperator,
    };
}
