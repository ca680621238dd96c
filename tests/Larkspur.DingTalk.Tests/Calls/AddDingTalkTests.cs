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
        var clients = services.GetRequiredService<IDingTalkClients>();
        Assert.Equal(["", "hr"], clients.Names);
        Assert.Equal("dinghr", clients.Get("hr").Options.ClientId);
        Assert.Same(clients.Default, services.GetRequiredService<DingTalkClient>());
        Assert.Same(clients.Get("hr"), services.GetRequiredKeyedService<DingTalkClient>("hr"));
        Assert.Same(clients.Default.Shaper, clients.Get("hr").Shaper);
        Assert.Contains("(default), hr", Assert.Throws<InvalidOperationException>(() => clients.Get("it")).Message, StringComparison.Ordinal);
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
        }).Build();
        using ServiceProvider services = new ServiceCollection().AddDingTalk(configuration.GetSection("DingTalk")).BuildServiceProvider();
        var wrong = Assert.Throws<OptionsValidationException>(services.GetRequiredService<DingTalkClient>);
        foreach (string key in (string[])["ClientId", "ClientSecret", "Token", "AesKey", "BaseUrl", "MaxAttempts"])
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
