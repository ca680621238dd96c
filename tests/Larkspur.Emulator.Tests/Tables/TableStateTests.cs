using System.Text.Json.Nodes;
using Larkspur.Emulator.State.Calendars;
using Larkspur.Emulator.State.Tables;

namespace Larkspur.Emulator.Tests.Tables;

/// <summary>What tables and calendars keep, and how much of it.</summary>
public sealed class TableStateTests : TableTest
{
    [Fact]
    public void Options_are_found_as_they_are_now()
    {
        var field = new TableField { FieldId = "fld1", Name = "Tags", Type = FieldTypes.MultiSelect, UiType = "MultiSelect",
            Options = [new("opt1", "a", 0), new("opt2", "b", 1), new("opt3", "b", 2)] };
        Assert.Equal(("a", "opt2", 2, -1),
            (field.Option("opt1")?.Name, field.OptionNamed("b")?.Id, field.PlaceOf("opt3"), field.PlaceOf("opt4")));
        var changed = field with { Options = [new("opt3", "c", 2)] };
        Assert.Equal((null, "c", null, 0), (changed.Option("opt1"), changed.Option("opt3")?.Name, changed.OptionNamed("b"),
            changed.PlaceOf("opt3")));
        Assert.Equal("a", (field with { Name = "Words" }).Option("opt1")?.Name);
    }

    [Fact]
    public async Task New_options_have_ids_that_do_not_meet()
    {
        await RowAsync(new JsonObject { [SeededTables.Status] = "new" });
        var field = Emulator.State.Base(SeededTables.Ledger)!.Table(SeededTables.Orders)!.FieldNamed(SeededTables.Status)!;
        Assert.Equal(15, field.OptionNamed("new")!.Id.Length);
    }

    [Fact]
    public void A_base_that_is_too_large_is_not_kept()
    {
        const string token = "LkTooLargeMicaBase000000001";
        var (state, property) = (Emulator.State, new string('x', 1 << 20));
        var (ledger, document) = (state.Base(SeededTables.Ledger)!, state.Document(SeededTables.Ledger)!);
        var views = Enumerable.Range(0, 64).Select(n => new TableView($"vew{n}", $"{n}", "grid", property));
        var large = ledger with { AppToken = token, Tables = [ledger.Tables[0] with { Views = [.. views] }] };
        Assert.False(state.Put(large, document with { Token = token }));
        Assert.True(state is { Bases.Count: 1 } && state.Document(token) is null);
    }

    [Fact]
    public void An_event_weighs_its_reminders_and_addresses()
    {
        var made = Emulator.State.CalendarEvents[0] with { Attendees = [], Own = Emulator.State.CalendarEvents[0].Own.Clear() };
        var invited = made with { Attendees = [new EventAttendee("third_party", new string('x', 500))] };
        Assert.Equal(600, invited.Weight - made.Weight);
        var reminded = made with { Own = made.Own.SetItem("bob", OwnSettings.None with { Reminders = [1, 2, 3] }) };
        Assert.Equal(124, reminded.Weight - made.Weight);
    }
}
