using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Emulator.Feishu.Events;
using Larkspur.Emulator.State;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests.Approval;

public sealed class ApprovalEventTests : ApprovalTest
{
    private readonly List<Delivery> _kept = [];
    private EventReceiver _receiver = null!;

    public override async ValueTask InitializeAsync()
    {
        await base.InitializeAsync();
        _receiver = await EventReceiver.StartAsync();
        await Emulator.SetCallbackAsync(_receiver.Url);
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Fact]
    public async Task A_subscribed_app_hears_of_every_step_with_the_catalogued_fields()
    {
        Assert.Equal(0, (await PostAsync($"approvals/{Payment}/subscribe")).Code);
        var code = await CreatedAsync(uuid: "pay-1");
        var made = await NextAsync("approval_instance");
        Assert.Equal("event_callback", made.Json["type"]!.GetValue<string>());
        Assert.Null(made.Json["schema"]);
        HasFields("approval_instance", made.Event);
        Assert.Equal(("PENDING", "pay-1", code, Payment), (Text(made, "status"), Text(made, "uuid"), Text(made, "instance_code"), Text(made, "approval_code")));
        Assert.Equal(JsonValueKind.String, made.Event["operate_time"]!.GetValueKind());

        var task = await NextAsync("approval_task");
        HasFields("approval_task", task.Event);
        Assert.Equal(("PENDING", "bob", "manager"), (Text(task, "status"), Text(task, "user_id"), Text(task, "custom_key")));
        Assert.Equal(WireIds.OpenId(EmulatorApp.AppId, "bob"), Text(task, "open_id"));

        await DecideAsync("approve", code, "bob");
        Assert.Equal("bob:APPROVED", await NextTaskAsync());
        Assert.Equal("carol:PENDING", await NextTaskAsync());
        await ActAsync("carol", "approve", code);
        Assert.Equal("carol:APPROVED", await NextTaskAsync());
        Assert.Equal("APPROVED", Text(await NextAsync("approval_instance"), "status"));
        var id = made.Event["instance_code"]!.GetValue<string>();
        Assert.Equal(code, id);
    }

    [Fact]
    public async Task Nothing_comes_to_an_app_that_did_not_subscribe_or_gave_it_up()
    {
        var before = await CreatedAsync();
        await PostAsync($"approvals/{Payment}/subscribe");
        await PostAsync($"approvals/{Payment}/unsubscribe");
        await ActAsync("bob", "approve", before);
        await PostAsync($"approvals/{Purchase}/subscribe");
        // What comes first is of the other definition: nothing was sent of the payment.
        var heard = await PurchaseAsync("bob");
        Assert.Equal(heard, Text(await NextAsync(), "instance_code"));
    }

    [Fact]
    public async Task Subscribing_twice_and_giving_up_twice_are_refused()
    {
        Assert.Equal(0, (await PostAsync($"approvals/{Payment}/subscribe")).Code);
        Refused(await PostAsync($"approvals/{Payment}/subscribe"), 1390007);
        Assert.Equal(0, (await PostAsync($"approvals/{Payment}/unsubscribe")).Code);
        Refused(await PostAsync($"approvals/{Payment}/unsubscribe"), 60008);
        Refused(await PostAsync("approvals/NOT-THERE/subscribe"), 1390002);
    }

    [Fact]
    public async Task A_reverted_request_tells_its_time_as_a_number()
    {
        await PostAsync($"approvals/{Payment}/subscribe");
        var code = await CreatedAsync();
        await ActAsync("bob", "approve", code);
        await ActAsync("carol", "approve", code);
        Assert.Equal(0, (await PostAsync("instances/cancel?user_id_type=user_id", new { approval_code = Payment, instance_code = code, user_id = "alice" })).Code);
        List<Delivery> heard = [await NextAsync("approval_instance"), await NextAsync("approval_instance"), await NextAsync("approval_instance")];
        Assert.Equal(["PENDING", "APPROVED", "REVERTED"], heard.Select(h => Text(h, "status")));
        Assert.Equal(JsonValueKind.Number, heard[2].Event["operate_time"]!.GetValueKind());
        Assert.True((await InstanceAsync(code))["reverted"]!.GetValue<bool>());
    }

    [Fact]
    public async Task An_unacknowledged_event_holds_up_the_next_of_its_request_and_type_only()
    {
        await PostAsync($"approvals/{Payment}/subscribe");
        var refusals = 0;
        _receiver.Answer = d => d.Type == "approval_instance" && Text(d, "status") == "PENDING" && Interlocked.Increment(ref refusals) == 1 ? (500, "") : (200, "{}");
        var code = await CreatedAsync();
        var first = await NextAsync("approval_instance");
        Assert.Equal("PENDING", Text(first, "status"));
        await ActAsync("bob", "reject", code);
        // The tasks go on; the end of the request waits for its beginning.
        Assert.Equal("bob:PENDING", await NextTaskAsync());
        Assert.Equal("bob:REJECTED", await NextTaskAsync());
        await StandAsync(waiting: 1, behind: 1);
        await Emulator.AdvanceAsync(TimeSpan.FromSeconds(16));
        var again = await NextAsync("approval_instance");
        Assert.Equal(first.EventId, again.EventId);
        Assert.Equal("REJECTED", Text(await NextAsync("approval_instance"), "status"));
        await StandAsync(waiting: 0, behind: 0);
    }

    [Fact]
    public async Task A_changed_definition_is_told_in_the_second_schema()
    {
        await PostAsync($"approvals/{Payment}/subscribe");
        await Emulator.ControlAsync(HttpMethod.Patch, "approvals/" + Payment, new { status = "INACTIVE" });
        var changed = await NextAsync("approval.approval.updated_v4");
        Assert.Equal("2.0", changed.Json["schema"]!.GetValue<string>());
        Assert.Equal(Payment, changed.Event["object"]!["approval_code"]!.GetValue<string>());
        Assert.Equal(["approval_code", "approval_id", "extra", "form_definition_id", "process_obj", "timestamp", "version_id", "widget_group_type"],
            changed.Event["object"]!.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rollback_tells_to_which_nodes_and_a_node_that_passes_by_itself_has_no_person()
    {
        await PostAsync($"approvals/{Payment}/subscribe");
        var code = await CreatedAsync(more: new { node_auto_approval_list = new[] { new { node_id_type = "CUSTOM", node_id = "manager" } } });
        var auto = await NextAsync("approval_task");
        Assert.Equal(("", "", "APPROVED"), (Text(auto, "user_id"), Text(auto, "open_id"), Text(auto, "status")));
        Assert.Equal("carol:PENDING", await NextTaskAsync());
        await ActAsync("carol", "rollback", code, new { to = "manager" });
        var back = await NextAsync("approval_task");
        Assert.Equal("ROLLBACK", Text(back, "status"));
        Assert.Equal(["manager"], JsonNode.Parse(Text(back, "extra"))!["rollback_custom_node_ids"]!.AsArray().Select(n => n!.GetValue<string>()));
    }

    [Fact]
    public async Task Copies_are_told_when_made_and_when_read()
    {
        await PostAsync($"approvals/{Payment}/subscribe");
        var code = await CreatedAsync();
        Assert.Equal(0, (await PostAsync("instances/cc?user_id_type=user_id", new { approval_code = Payment, instance_code = code, user_id = "alice", cc_user_ids = new[] { "carol" }, comment = "fyi" })).Code);
        var made = await NextAsync("approval_cc");
        HasFields("approval_cc", made.Event);
        Assert.Equal(("CREATE", "carol", "alice"), (Text(made, "operate"), Text(made, "user_id"), Text(made, "from")));
        Assert.Equal(JsonValueKind.Number, made.Event["create_time"]!.GetValueKind());
        await ActAsync("carol", "open_approval", code);
        Assert.Equal("READ", Text(await NextAsync("approval_cc"), "operate"));
    }

    /// <summary>The next of a type; what comes between is kept for who asks for it.</summary>
    private async Task<Delivery> NextAsync(string? type = null)
    {
        if (_kept.FirstOrDefault(d => type is null || d.Type == type) is { } kept)
        {
            _kept.Remove(kept);
            return kept;
        }

        while (true)
        {
            var next = await _receiver.NextAsync();
            if (type is null || next.Type == type) return next;
            _kept.Add(next);
        }
    }

    /// <summary>Until so many deliveries wait for their next time, so many stand behind them, and nothing else is on its way.</summary>
    private async Task StandAsync(int waiting, int behind)
    {
        var pusher = Emulator.Services.GetRequiredService<EventPusher>();
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while ((pusher.Waiting, pusher.Behind, pusher.Pending) != (waiting, behind, waiting + behind)) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    private async Task<string> NextTaskAsync()
    {
        var next = await NextAsync("approval_task");
        return $"{Text(next, "user_id")}:{Text(next, "status")}";
    }

    private static string Text(Delivery delivery, string name) => delivery.Event[name]!.GetValue<string>();

    /// <summary>Exactly the fields that the catalogue names.</summary>
    private static void HasFields(string type, JsonNode body)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Repository.Root, "catalogue", "feishu", "events.json")));
        var list = document.RootElement.ValueKind == JsonValueKind.Array ? document.RootElement : document.RootElement.GetProperty("events");
        var fields = list.EnumerateArray().First(e => e.GetProperty("type").GetString() == type).GetProperty("event").EnumerateArray().Select(f => f.GetProperty("name").GetString()!);
        Assert.Equal(fields.Order(StringComparer.Ordinal), body.AsObject().Select(p => p.Key).Order(StringComparer.Ordinal));
    }
}
