using System.Collections.Immutable;
using Larkspur.Emulator.State;
using Larkspur.Gateway.Tests.Messages;
using Larkspur.Gateway.Tests.Notifications;
using Larkspur.Testing;

namespace Larkspur.Gateway.Tests.People;

/// <summary>People are found by what business systems know of them, in few calls, and never guessed.</summary>
public sealed class LookupTests
{
    [Fact]
    public async Task People_are_found_by_every_address_and_the_rest_is_unknown()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var answer = await gateway.PostRestAsync("/people/lookup", new
        {
            emails = new[] { "Alice@mica.example", "zoe@mica.example" }, mobiles = new[] { "+8613800000002" }, employee_nos = new[] { "M1003", "M9999" }, user_ids = new[] { "bob", "nobody" },
        });
        Assert.True(answer.Status == 200, answer + gateway.Logs.Text);
        var found = answer.Body.GetProperty("found").EnumerateArray().ToDictionary(f => f.GetProperty("value").GetString()!, f => f.GetProperty("person").GetProperty("en_name").GetString());
        Assert.Equal(new Dictionary<string, string?> { ["Alice@mica.example"] = "Alice", ["+8613800000002"] = "Bob", ["M1003"] = "Carol", ["bob"] = "Bob" }, found);
        var unknown = answer.Body.GetProperty("unknown").EnumerateArray().Select(u => $"{u.GetProperty("by").GetString()} {u.GetProperty("value").GetString()} {u.GetProperty("reason").GetString()}");
        Assert.Equal(["email zoe@mica.example unknown", "employee_no M9999 unknown", "user_id nobody unknown"], unknown);

        // By its open id, too, and nothing more is asked for.
        var calls = await CallsAsync(emulator);
        var alice = answer.Body.GetProperty("found")[0].GetProperty("person").GetProperty("open_id").GetString();
        var again = await gateway.PostRestAsync("/people/lookup", new { open_ids = new[] { alice }, emails = new[] { "alice@mica.example", "zoe@mica.example" }, employee_nos = new[] { "M1003", "M9999" } });
        Assert.Equal(3, again.Body.GetProperty("found").GetArrayLength());
        Assert.Equal(calls, await CallsAsync(emulator));
    }

    [Fact]
    public async Task Many_addresses_go_in_batches_and_those_who_ask_together_share_them()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var emails = Enumerable.Range(0, 120).Select(i => $"p{i}@mica.example").Append("bob@mica.example").ToArray();
        var answers = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => gateway.PostRestAsync("/people/lookup", new { emails })));
        Assert.All(answers, a => Assert.Equal((1, 120), (a.Body.GetProperty("found").GetArrayLength(), a.Body.GetProperty("unknown").GetArrayLength())));
        Assert.Equal(3, await CallsAsync(emulator, "batch_get_id"));
    }

    [Fact]
    public async Task An_employee_number_of_two_people_is_ambiguous()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        emulator.State.Put(emulator.State.Person("carol")! with { EmployeeNo = "M1001" });
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var answer = await gateway.PostRestAsync("/people/lookup", new { employee_nos = new[] { "M1001" } });
        Assert.Equal("ambiguous", answer.Body.GetProperty("unknown")[0].GetProperty("reason").GetString());
    }

    [Fact]
    public async Task Who_was_unknown_is_found_five_minutes_later()
    {
        var clock = new ShiftingClock();
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString(), clock: clock);
        Assert.Equal(0, (await LookupAsync(gateway, "dora@mica.example", "M1004")).Body.GetProperty("found").GetArrayLength());
        emulator.State.Put(emulator.State.Person("carol")! with { UserId = "dora", Email = "dora@mica.example", EmployeeNo = "M1004", Mobile = "+8613800000004" });
        Assert.Equal(0, (await LookupAsync(gateway, "dora@mica.example", "M1004")).Body.GetProperty("found").GetArrayLength());
        clock.Shift(TimeSpan.FromMinutes(6));
        Assert.Equal(2, (await LookupAsync(gateway, "dora@mica.example", "M1004")).Body.GetProperty("found").GetArrayLength());
    }

    [Theory]
    [InlineData("emails", "bob@mica.example", "contact:user.id:readonly")]
    [InlineData("employee_nos", "M1002", "contact:contact.base:readonly")]
    public async Task A_missing_permission_is_named_with_the_page_that_grants_it(string member, string value, string scope)
    {
        await using var emulator = await EmulatorApp.StartAsync(s => s with { Apps = [.. s.Apps.Select(a => a with { GrantedScopes = ImmutableHashSet.Create("im:message") })] });
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var refused = await gateway.PostRestAsync("/people/lookup", new Dictionary<string, string[]> { [member] = [value] });
        Assert.Equal((403, "missing_app_scope"), (refused.Status, refused.Error));
        Assert.Contains(scope, refused.Text("message"), StringComparison.Ordinal);
        Assert.Contains("https://", refused.Text("message"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Mail_addresses_need_one_permission_and_names_may_stay_unseen()
    {
        await using var fixture = await NotificationFixture.StartAsync(app: a => a with { GrantedScopes = ImmutableHashSet.Create("contact:user.id:readonly", "im:message", "im:message:send_as_bot") });
        var now = await fixture.UntilAsync(await fixture.SendAsync(NotificationFixture.Requisition()), "sent");
        var card = NotificationFixture.MessageOf(now);
        Assert.Contains("alice@mica.example", await fixture.FaceAsync(card), StringComparison.Ordinal);
        await fixture.ClickAsync(card, "通过", "bob");
        await fixture.FaceAsync(card, "Approved by a colleague at ");
    }

    [Theory]
    [InlineData("""{}""", 400, null)]
    [InlineData("""{"emails":["bob"]}""", 422, "/emails/0")]
    [InlineData("""{"mobiles":["12a45"]}""", 422, "/mobiles/0")]
    [InlineData("""{"open_ids":["on_1"]}""", 422, "/open_ids/0")]
    [InlineData("""{"emails":[]}""", 400, "/emails")]
    [InlineData("""{"names":["Bob"]}""", 400, "/names")]
    public async Task A_request_that_is_wrong_says_where(string body, int status, string? pointer)
    {
        await using var emulator = await EmulatorApp.StartAsync();
        await using var gateway = await GatewayApp.StartAsync(emulator.BaseUrl.ToString());
        var refused = await gateway.PostRestAsync("/people/lookup", body);
        Assert.Equal((status, pointer), (refused.Status, refused.Pointer));
    }

    private static Task<RestAnswer> LookupAsync(GatewayApp gateway, string email, string number) =>
        gateway.PostRestAsync("/people/lookup", new { emails = new[] { email }, employee_nos = new[] { number } });

    private static async Task<int> CallsAsync(EmulatorApp emulator, string path = "/contact/") =>
        (await emulator.ControlAsync(HttpMethod.Get, "calls?limit=1000"))["calls"]!.AsArray().Count(c => c!["path"]!.GetValue<string>().Contains(path, StringComparison.Ordinal));
}
