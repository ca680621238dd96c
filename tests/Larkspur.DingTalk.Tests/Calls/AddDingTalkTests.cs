using Larkspur.DingTalk.StreamMode;
using Larkspur.DingTalk.Tests.StreamMode;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larkspur.DingTalk.Tests.Calls;

public sealed class AddDingTalkTests
{
    [Fact]
    public void Several_apps_live_side_by_side()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddDingTalk(o => (o.ClientId, o.ClientSecret) = ("dingdefault", "s1"))
            .AddDingTalk("hr", o => (o.ClientId, o.ClientSecret) = ("dinghr", "s2"))
            .BuildServiceProvider();
        var clients = services.GetRequiredService<PlatformClients<DingTalkClient>>();
        Assert.Equal(["", "hr"], clients.Names);
        Assert.Equal("dinghr", clients.Get("hr").Options.ClientId);
        Assert.Same(clients.Default, services.GetRequiredService<DingTalkClient>());
        Assert.Same(clients.Get("hr"), services.GetRequiredKeyedService<DingTalkClient>("hr"));
        Assert.Same(clients.Default.RateLimiter, clients.Get("hr").RateLimiter);
        Assert.Contains("(default), hr", Assert.Throws<InvalidOperationException>(() => clients.Get("it")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_app_has_a_receiver_that_counts_for_its_client()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddDingTalk(o => (o.ClientId, o.ClientSecret) = ("dingdefault", "s1"))
            .AddDingTalk("hr", o => (o.ClientId, o.ClientSecret) = ("dinghr", "s2"))
            .BuildServiceProvider();
        var hr = services.GetRequiredKeyedService<DingTalkReceiver>("hr");
        Assert.Same(services.GetRequiredKeyedService<DingTalkReceiver>(""), services.GetRequiredService<DingTalkReceiver>());
        string now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds().ToString(System.Globalization.CultureInfo.InvariantCulture);
        var head = new DingTalkRequestHead { ContentType = "application/json", Timestamp = now, Sign = DingTalkSignatures.Robot(now, "s2") };
        byte[] message = """{"msgId":"m1","conversationId":"c","conversationType":"1","msgtype":"text","text":{"content":"hi"},"createAt":1700000000000}"""u8.ToArray();
        Assert.Equal("m1", hr.Receive(head, message).Delivery?.Id);
        Assert.Equal(DingTalkRefusal.WrongSignature, services.GetRequiredService<DingTalkReceiver>().Receive(head, message).Refusal);
        var clients = services.GetRequiredService<PlatformClients<DingTalkClient>>();
        Assert.Equal((1, 0), (clients.Get("hr").Usage[DingTalkUseKind.Delivery], clients.Default.Usage[DingTalkUseKind.Delivery]));
    }

    [Fact]
    public async Task A_stream_is_made_from_its_app_s_client_and_subscribes_to_what_its_handlers_take()
    {
        await using DingTalkStub platform = await DingTalkStub.StartAsync();
        var stub = new StreamStub(platform);
        await using ServiceProvider services = new ServiceCollection()
            .AddDingTalk("hr", o => (o.ClientId, o.ClientSecret, o.BaseUrl) = (DingTalkStub.ClientId, DingTalkStub.ClientSecret, platform.Address))
            .AddDingTalkStream("hr", _ => new DingTalkDispatcher().OnMessage((_, _) => Task.CompletedTask), o => o.MaxInHand = 3)
            .BuildServiceProvider();
        var stream = services.GetRequiredKeyedService<DingTalkStream>("hr");
        using var stop = new CancellationTokenSource();
        Task running = stream.RunAsync(stop.Token);
        await stub.ConnectionAsync(1);
        Assert.Equal("""[{"type":"CALLBACK","topic":"/v1.0/im/bot/messages/get"}]""", Assert.Single(stub.Opens).GetProperty("subscriptions").GetRawText());
        await stop.CancelAsync();
        await running.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_stream_without_its_app_or_twice_is_an_error_that_says_so()
    {
        IServiceCollection streams = new ServiceCollection().AddDingTalk("hr", o => (o.ClientId, o.ClientSecret) = ("dinghr", "s")).AddDingTalkStream(_ => new DingTalkDispatcher().OnMessage((_, _) => Task.CompletedTask));
        Assert.Throws<InvalidOperationException>(() => streams.AddDingTalkStream(_ => new DingTalkDispatcher()));
        using ServiceProvider services = streams.BuildServiceProvider();
        Assert.Contains("Registered: hr", Assert.Throws<InvalidOperationException>(services.GetRequiredService<DingTalkStream>).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_is_registered_once() => Assert.Throws<InvalidOperationException>(
        () => new ServiceCollection().AddDingTalk("a", _ => { }).AddDingTalk("a", _ => { }));

    [Fact]
    public void Wrong_options_are_listed_with_their_keys()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["DingTalk:ClientId"] = " dingapp",
            ["DingTalk:Token"] = "a!",
            ["DingTalk:AesKey"] = "short",
            ["DingTalk:BaseUrl"] = "ftp://host",
            ["DingTalk:MaxAttempts"] = "0",
            ["DingTalk:DownloadSilence"] = "00:00:00",
        }).Build();
        using ServiceProvider services = new ServiceCollection().AddDingTalk(configuration.GetSection("DingTalk")).BuildServiceProvider();
        var wrong = Assert.Throws<OptionsValidationException>(services.GetRequiredService<DingTalkClient>);
        foreach (string key in (string[])["ClientId", "ClientSecret", "Token", "AesKey", "BaseUrl", "MaxAttempts", "DownloadSilence"])
            Assert.Contains(wrong.Failures, f => f.StartsWith($"DingTalk:{key} ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(DingTalkHost.Api, null, "https://api.dingtalk.com")]
    [InlineData(DingTalkHost.Oapi, null, "https://oapi.dingtalk.com")]
    [InlineData(DingTalkHost.Login, null, "https://login.dingtalk.com")]
    [InlineData(DingTalkHost.Oapi, "http://127.0.0.1:8081/", "http://127.0.0.1:8081")]
    public void Hosts_are_dingtalk_s_unless_set(DingTalkHost host, string? baseUrl, string expected)
    {
        var options = new DingTalkOptions { ClientId = "a", ClientSecret = "b", BaseUrl = baseUrl is null ? null : new Uri(baseUrl) };
        Assert.Equal(expected, DingTalkHosts.Resolve(options, host));
        options.OapiUrl = new Uri("https://proxy.example/oapi/");
        if (host == DingTalkHost.Oapi) Assert.Equal("https://proxy.example/oapi", DingTalkHosts.Resolve(options, host));
    }
}
