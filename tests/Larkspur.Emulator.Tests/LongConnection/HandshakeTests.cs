using System.Net.WebSockets;
using System.Text.Json.Nodes;
using Larkspur.Emulator.State;
using Larkspur.Testing;

namespace Larkspur.Emulator.Tests.LongConnection;

public sealed class HandshakeTests : LongConnectionTest
{
    [Fact]
    public async Task The_bootstrap_gives_an_address_whose_first_parameter_may_be_lost_and_the_server_s_settings()
    {
        await ConnectionsAsync(new { @do = "configure", ping_interval = 7, reconnect_nonce = 2, reconnect_interval = 3, reconnect_count = 9 });
        var answer = await TestClient.BootstrapAsync(Emulator);
        Assert.Equal(0, answer["code"]!.GetValue<int>());
        Assert.Equal("""{"ReconnectCount":9,"ReconnectInterval":3,"ReconnectNonce":2,"PingInterval":7}""", answer["data"]!["ClientConfig"]!.ToJsonString());
        var url = new Uri(answer["data"]!["URL"]!.GetValue<string>());
        Assert.Equal(("ws", Emulator.BaseUrl.Authority, "/ws/v2"), (url.Scheme, url.Authority, url.AbsolutePath));
        var names = url.Query[1..].Split('&').Select(p => p.Split('=')[0]).ToArray();
        Assert.DoesNotContain(names[0], new[] { "device_id", "service_id", "ticket" });
        Assert.Subset(names.ToHashSet(), new HashSet<string> { "device_id", "service_id", "ticket" });
    }

    [Theory]
    [InlineData(EmulatorApp.AppId, "wrong", 514)]
    [InlineData(EmulatorApp.AppId, "", 514)]
    [InlineData("cli_ffffffffffffffff", "wrong", 514)]
    [InlineData("", "", 514)]
    public async Task Wrong_credentials_are_refused_with_data_that_is_empty_not_missing(string appId, string secret, int code)
    {
        var answer = await TestClient.BootstrapAsync(Emulator, appId, secret);
        Assert.Equal(code, answer["code"]!.GetValue<int>());
        Assert.Equal("{}", answer["data"]!.ToJsonString());
        Assert.NotEmpty(answer["msg"]!.GetValue<string>());
    }

    [Fact]
    public async Task Store_apps_have_no_long_connection()
    {
        await Emulator.ControlAsync(HttpMethod.Post, "apps", new { app_id = "cli_00000000000000aa", app_secret = "s", kind = "store" });
        Assert.Equal(403, (await TestClient.BootstrapAsync(Emulator, "cli_00000000000000aa", "s"))["code"]!.GetValue<int>());
    }

    [Fact]
    public async Task Secrets_and_tickets_do_not_reach_the_inspector()
    {
        var url = (await TestClient.BootstrapAsync(Emulator))["data"]!["URL"]!.GetValue<string>();
        await using var client = await TestClient.DialAsync(url);
        await UntilAsync(async () => await OnlineAsync() == 1);
        var seen = (await Emulator.ControlAsync(HttpMethod.Get, "calls")).ToJsonString();
        Assert.DoesNotContain(EmulatorSettings.DefaultAppSecret, seen, StringComparison.Ordinal);
        Assert.DoesNotContain(url[(url.IndexOf("ticket=", StringComparison.Ordinal) + 7)..], seen, StringComparison.Ordinal);
        Assert.Contains("/ws/v2", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_ticket_opens_one_socket_and_not_for_ever()
    {
        var url = (await TestClient.BootstrapAsync(Emulator))["data"]!["URL"]!.GetValue<string>();
        await using (await TestClient.DialAsync(url)) Assert.Equal("514", (await TestClient.RefusedAsync(url)).Status);
        Assert.Equal("514", (await TestClient.RefusedAsync(url.Replace("ticket=", "ticket=x", StringComparison.Ordinal))).Status);

        var late = (await TestClient.BootstrapAsync(Emulator))["data"]!["URL"]!.GetValue<string>();
        await Emulator.AdvanceAsync(TimeSpan.FromMinutes(1));
        Assert.Equal("514", (await TestClient.RefusedAsync(late)).Status);
    }

    [Fact]
    public async Task The_51st_connection_is_refused_at_both_doors_and_a_free_place_is_given_again()
    {
        var clients = new List<TestClient>();
        try
        {
            for (var i = 0; i < 49; i++) clients.Add(await TestClient.ConnectAsync(Emulator));
            var (last, tooMany) = ((await TestClient.BootstrapAsync(Emulator))["data"]!["URL"]!, (await TestClient.BootstrapAsync(Emulator))["data"]!["URL"]!);
            clients.Add(await TestClient.DialAsync(last.GetValue<string>()));
            await UntilAsync(async () => await OnlineAsync() == 50);
            var (status, detail, message) = await TestClient.RefusedAsync(tooMany.GetValue<string>());
            Assert.Equal(("514", "1000040350"), (status, detail));
            Assert.Contains("50", message, StringComparison.Ordinal);
            Assert.Equal(1000040350, (await TestClient.BootstrapAsync(Emulator))["code"]!.GetValue<long>());

            var token = await Emulator.TenantTokenAsync();
            Assert.Equal(50, (await Emulator.CallAsync(HttpMethod.Get, "/open-apis/event/v1/connection", token)).Data["online_instance_cnt"]!.GetValue<int>());

            await clients[0].CloseAsync();
            await UntilAsync(async () => await OnlineAsync() == 49);
            await using var again = await TestClient.ConnectAsync(Emulator);
        }
        finally
        {
            foreach (var client in clients) await client.DisposeAsync();
        }
    }

    [Theory]
    [InlineData("endpoint", 1)]
    [InlineData("endpoint", 1000040343)]
    [InlineData("handshake", 403)]
    [InlineData("handshake", 1000040350)]
    public async Task Control_plans_refusals(string at, long code)
    {
        var url = (await TestClient.BootstrapAsync(Emulator))["data"]!["URL"]!.GetValue<string>();
        await ConnectionsAsync(new { @do = "refuse", at, code, msg = "planned", count = 1 });
        if (at == "endpoint")
        {
            Assert.Equal(code, (await TestClient.BootstrapAsync(Emulator))["code"]!.GetValue<long>());
        }
        else
        {
            var (status, detail, message) = await TestClient.RefusedAsync(url);
            Assert.Equal((code == 403 ? "403" : "514", code == 403 ? null : "1000040350", "planned"), (status, detail, message));
        }

        await using var client = await TestClient.ConnectAsync(Emulator);
    }

    [Fact]
    public async Task A_plain_request_to_the_socket_is_told_so()
    {
        using var response = await Emulator.Http.GetAsync("/ws/v2?ticket=x", TestContext.Current.CancellationToken);
        Assert.Equal(426, (int)response.StatusCode);
        Assert.True(response.Headers.Contains("Handshake-Status"));
    }

    [Fact]
    public async Task A_page_of_another_origin_opens_no_socket()
    {
        var url = (await TestClient.BootstrapAsync(Emulator))["data"]!["URL"]!.GetValue<string>();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", "https://evil.example");
        await Assert.ThrowsAsync<WebSocketException>(() => socket.ConnectAsync(new Uri(url), TestContext.Current.CancellationToken));
        Assert.Equal(0, await OnlineAsync());
    }

    [Fact]
    public async Task The_addresses_that_pushes_come_from_are_told_page_by_page()
    {
        var token = await Emulator.TenantTokenAsync();
        var first = (await Emulator.CallAsync(HttpMethod.Get, "/open-apis/event/v1/outbound_ip?page_size=1", token)).Data;
        Assert.Equal("127.0.0.1", first["ip_list"]![0]!.GetValue<string>());
        Assert.True(first["has_more"]!.GetValue<bool>());
        Assert.NotEqual(0, (await Emulator.CallAsync(HttpMethod.Get, "/open-apis/event/v1/outbound_ip?page_size=51", token)).Code);
        Assert.Equal(1810001, (await Emulator.CallAsync(HttpMethod.Get, "/open-apis/event/v1/outbound_ip?page_token=zzz", token)).Code);
    }
}
