using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests;
using Larkspur.Gateway.Tests.Api;
using Larkspur.Gateway.Tests.Notifications;
using Larkspur.Gateway.Tests.Webhooks;
using Larkspur.Testing;

namespace Larkspur.Security.Tests;

/// <summary>A notification, its subject and its decision are its system's.</summary>
[Trait("Database", "PostgreSQL")]
public sealed class OthersNotificationsTests : IAsyncLifetime
{
    private static readonly string[] Scopes = ["notifications:read", "notifications:write", "webhooks:read", "webhooks:write"];
    private static readonly object Paid = new { status = "success", text = new { zh = "已付", en = "Paid" } };
    private NotificationFixture _fixture = null!;
    private string _erp = null!;
    private string _canteen = null!;

    private GatewayApp Gateway => _fixture.Gateway;

    public async ValueTask InitializeAsync()
    {
        _fixture = await NotificationFixture.StartAsync(settings: new() { ["LARKSPUR_ALLOW_PRIVATE_ADDRESSES"] = "127.0.0.0/8" });
        _erp = await Gateway.KeyOfAsync("erp", Scopes);
        _canteen = await Gateway.KeyOfAsync("canteen", Scopes);
    }

    public ValueTask DisposeAsync() => _fixture.DisposeAsync();

    [Fact]
    public async Task Nobody_else_sees_resolves_recalls_or_reminds_of_a_notification()
    {
        var id = await SendAsync(_erp, "PR-1");
        await Gateway.NotThereAsync(_canteen, HttpMethod.Get, $"/notifications/{id}", "/notifications/nt0");
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/notifications/{id}/resolve", "/notifications/nt0/resolve", Paid);
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/notifications/{id}/recall", "/notifications/nt0/recall");
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, $"/notifications/{id}/remind", "/notifications/nt0/remind", new { key = "r" });
        Assert.Empty((await Gateway.CallAsync(_canteen, HttpMethod.Get, "/notifications")).Items());
        Assert.Empty((await Gateway.CallAsync(_canteen, HttpMethod.Get, "/notifications?subject=PR-1")).Items());
        Assert.Single((await Gateway.CallAsync(_erp, HttpMethod.Get, "/notifications?subject=PR-1")).Items());

        var auditor = await Gateway.KeyOfAsync("auditor", ["notifications:read", "notifications:write", "others:read"]);
        Assert.Single((await Gateway.CallAsync(auditor, HttpMethod.Get, "/notifications")).Items());
        var resolved = await Gateway.CallAsync(auditor, HttpMethod.Post, $"/notifications/{id}/resolve", Paid);
        Assert.Equal((403, "system_not_held"), (resolved.Status, resolved.Error));
        Assert.Equal("open", (await Gateway.CallAsync(_erp, HttpMethod.Get, $"/notifications/{id}")).Text("state"));
    }

    [Fact]
    public async Task Resolving_a_subject_resolves_ones_own_notifications_of_it_alone()
    {
        var erp = await SendAsync(_erp, "PR-1");
        var body = new { subject = "PR-1", status = "success", text = new { zh = "已付", en = "Paid" } };
        await Gateway.NotThereAsync(_canteen, HttpMethod.Post, "/notifications/resolve", "/notifications/resolve", body);
        var own = await SendAsync(_canteen, "PR-1");
        var resolved = await Gateway.CallAsync(_canteen, HttpMethod.Post, "/notifications/resolve", body);
        Assert.Equal((200, 1), (resolved.Status, resolved.Body.GetProperty("count").GetInt32()));
        Assert.Equal(own, Assert.Single(resolved.Body.GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("open", (await Gateway.CallAsync(_erp, HttpMethod.Get, $"/notifications/{erp}")).Text("state"));
    }

    [Fact]
    public async Task A_decision_is_told_to_its_own_system_and_to_the_administrators_with_whose_it_is()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        await using var canteen = await WebhookReceiver.StartAsync();
        await PutAsync(_erp, "erp-hook", erp);
        await PutAsync(_canteen, "canteen-hook", canteen);
        var id = await SendAsync(_canteen, "PR-1");
        await DecideAsync(id);
        await Gateway.UntilAsync(() => Task.FromResult(!canteen.Calls.IsEmpty && !_fixture.Erp.Calls.IsEmpty));
        Assert.Equal("canteen", _fixture.Erp.Calls.First().Json.GetProperty("data").GetProperty("system").GetString());
        // The next one is the ERP's: had it heard of the first, that would have come before.
        await DecideAsync(await SendAsync(_erp, "PR-2"));
        await Gateway.UntilAsync(() => Task.FromResult(!erp.Calls.IsEmpty));
        Assert.Equal("PR-2", erp.Calls.First().Json.GetProperty("data").GetProperty("subject").GetString());
        Assert.Single(canteen.Calls);
    }

    [Fact]
    public async Task Nobody_has_a_decision_told_to_another_systems_webhook()
    {
        await using var erp = await WebhookReceiver.StartAsync();
        await PutAsync(_erp, "erp-hook", erp);
        var body = NotificationFixture.Requisition("PR-1");
        body["decision"] = new JsonObject { ["webhook"] = "erp-hook" };
        body["key"] = "k-1";
        var sent = await Gateway.CallAsync(_canteen, HttpMethod.Post, "/notifications", body.ToJsonString());
        Assert.Equal((422, "unknown_webhook", "/decision/webhook"), (sent.Status, sent.Error, sent.Text("pointer")));
        Assert.Equal(202, (await Gateway.CallAsync(_erp, HttpMethod.Post, "/notifications", body.ToJsonString())).Status);
    }

    [Fact]
    public async Task Nobody_rewrites_a_type_that_another_system_or_everybody_uses()
    {
        var type = (await Gateway.CallAsync(_erp, HttpMethod.Get, "/notification-types/pr.submitted")).Body.GetProperty("definition").GetRawText();
        var builtIn = await Gateway.CallAsync(_canteen, HttpMethod.Put, "/notification-types/pr.submitted", type);
        Assert.Equal((403, "system_not_held"), (builtIn.Status, builtIn.Error));
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Put, "/notification-types/erp.order", type)).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Put, "/notification-types/erp.order", type)).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_canteen, HttpMethod.Delete, "/notification-types/erp.order")).Status);
        Assert.Equal(204, (await Gateway.CallAsync(_erp, HttpMethod.Delete, "/notification-types/erp.order")).Status);
    }

    [Fact]
    public async Task A_removed_types_name_stays_its_systems()
    {
        var known = await Gateway.CallAsync(_erp, HttpMethod.Get, "/notification-types/pr.submitted");
        var type = known.Body.GetProperty("definition").GetRawText();
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Put, "/notification-types/erp.order", type)).Status);
        Assert.Equal(204, (await Gateway.CallAsync(_erp, HttpMethod.Delete, "/notification-types/erp.order")).Status);
        var taken = await Gateway.CallAsync(_canteen, HttpMethod.Put, "/notification-types/erp.order", type);
        Assert.Equal((403, "system_not_held", "/{name}"), (taken.Status, taken.Error, taken.Text("pointer")));
        Assert.Equal(404, (await Gateway.CallAsync(_canteen, HttpMethod.Delete, "/notification-types/erp.order")).Status);
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Put, "/notification-types/erp.order", type)).Status);

        // An administrator gives the name to somebody else by taking it himself: it is nobody's single system's then.
        Assert.Equal(204, (await Gateway.CallAsync(_erp, HttpMethod.Delete, "/notification-types/erp.order")).Status);
        Assert.Equal(200, (await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Put, "/notification-types/erp.order", type)).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_erp, HttpMethod.Put, "/notification-types/erp.order", type)).Status);
        Assert.Equal(204, (await Gateway.CallAsync(GatewayApp.ApiKey, HttpMethod.Delete, "/notification-types/erp.order")).Status);
        Assert.Equal(403, (await Gateway.CallAsync(_erp, HttpMethod.Put, "/notification-types/erp.order", type)).Status);
    }

    [Fact]
    public async Task No_type_shows_an_image_that_another_system_uploaded()
    {
        var image = await UploadAsync(await Gateway.KeyOfAsync("erp-files", ["messages:write"], system: "erp"));
        var shown = new { title = "Lunch", template = new { message = new { title = "Lunch", image = new { key = image } } } };
        var stolen = await Gateway.CallAsync(_canteen, HttpMethod.Put, "/notification-types/canteen.lunch", shown);
        Assert.Equal((422, "unknown_file", "/template"), (stolen.Status, stolen.Error, stolen.Text("pointer")));
        // Nor in escapes.
        var escaped = $$$$$"""{"title":"Lunch","template":{"message":{"title":"Lunch","image":{"key":"\u0069{{{{{image[1..]}}}}}"}}}}""";
        stolen = await Gateway.CallAsync(_canteen, HttpMethod.Put, "/notification-types/canteen.lunch", escaped);
        Assert.Equal((422, "unknown_file"), (stolen.Status, stolen.Error));
        Assert.Equal(200, (await Gateway.CallAsync(_erp, HttpMethod.Put, "/notification-types/erp.lunch", shown)).Status);

        // What the erp's type shows, whoever sends it shows.
        Assert.Equal(202, (await SendTypeAsync(_canteen, "erp.lunch", new { })).Status);

        // By a variable, whole or in two.
        foreach (var (key, value) in ((string, string)[])[("${picture}", image), (image[..12] + "${picture}", image[12..])])
        {
            var sample = key == "${picture}" ? "img_v3_0000_00000000-0000-0000-0000-000000000000" : "0000";
            var open = new
            {
                title = "Lunch", variables = new { picture = new { type = "text", required = true, sample } },
                template = new { message = new { title = "Lunch", image = new { key } } },
            };
            var put = await Gateway.CallAsync(_canteen, HttpMethod.Put, "/notification-types/canteen.open", open);
            Assert.True(put.Status == 200, put.Body.ToString());
            var sent = await SendTypeAsync(_canteen, "canteen.open", new { picture = value });
            Assert.Equal((422, "unknown_file", "/variables"), (sent.Status, sent.Error, sent.Text("pointer")));
            var tried = await Gateway.CallAsync(_canteen, HttpMethod.Post, "/notification-types/canteen.open/test",
                new { recipient = NotificationFixture.Email("bob"), variables = new { picture = value } });
            Assert.Equal((422, "unknown_file", "/variables"), (tried.Status, tried.Error, tried.Text("pointer")));
            Assert.Equal(202, (await SendTypeAsync(_erp, "canteen.open", new { picture = value })).Status);
        }
    }

    private Task<KeyAnswer> SendTypeAsync(string key, string type, object variables) => Gateway.CallAsync(
        key, HttpMethod.Post, "/notifications", new { @event = type, recipients = new[] { NotificationFixture.Email("bob") }, variables });

    private async Task<string> UploadAsync(string key)
    {
        using var http = new HttpClient { BaseAddress = Gateway.Address };
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/v1/uploads/images")
        {
            Content = new ByteArrayContent(Convert.FromBase64String("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk"
                + "YPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")),
        };
        request.Headers.Add("X-Api-Key", key);
        using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True((int)answer.StatusCode == 201, text);
        return JsonNode.Parse(text)!["image_key"]!.GetValue<string>();
    }

    private async Task<string> SendAsync(string key, string subject)
    {
        var body = NotificationFixture.Requisition(subject);
        body["key"] = "n-" + subject;
        var sent = await Gateway.CallAsync(key, HttpMethod.Post, "/notifications", body.ToJsonString());
        Assert.True(sent.Status == 202, sent.Body.ToString());
        return sent.Text("id")!;
    }

    private async Task PutAsync(string key, string name, WebhookReceiver receiver)
    {
        var put = await Gateway.CallAsync(key, HttpMethod.Put, $"/webhooks/{name}", new { url = receiver.Url, secret = receiver.Secret, events = new[] { "approval.decided" } });
        Assert.True(put.Status == 201, put.Body.ToString());
    }

    private async Task DecideAsync(string id)
    {
        var now = await _fixture.UntilAsync(await _fixture.GetAsync(id), "sent");
        await _fixture.ClickAsync(NotificationFixture.MessageOf(now), "通过", "bob");
    }
}
