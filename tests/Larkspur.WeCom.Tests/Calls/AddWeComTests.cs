using Larkspur.WeCom.Callbacks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Larkspur.WeCom.Tests.Calls;

/// <summary>Several apps in one process, from code or configuration, and what is said of options that cannot work.</summary>
public sealed class AddWeComTests
{
    private const string Key = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

    [Fact]
    public void Several_apps_have_their_own_clients()
    {
        using ServiceProvider services = new ServiceCollection()
            .AddWeCom(o => (o.CorpId, o.Secret, o.Token, o.EncodingAesKey) = ("ww1", "s1", "t1", Key))
            .AddWeCom("hr", o => (o.CorpId, o.Secret) = ("ww1", "s2"))
            .BuildServiceProvider();
        var clients = services.GetRequiredService<PlatformClients<WeComClient>>();
        Assert.Equal(["", "hr"], clients.Names);
        Assert.Same(clients.Default, services.GetRequiredService<WeComClient>());
        Assert.Equal("s2", clients.Get("hr").Options.Secret);
        Assert.NotNull(services.GetRequiredService<WeComCallbackReceiver>());
        Assert.Contains("hr", Assert.Throws<InvalidOperationException>(() => clients.Get("finance")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_app_is_read_from_configuration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WeCom:CorpId"] = "ww1", ["WeCom:AgentId"] = "1000002", ["WeCom:Secret"] = "s1", ["WeCom:BaseUrl"] = "http://127.0.0.1:8081",
        }).Build();
        using ServiceProvider services = new ServiceCollection().AddWeCom(configuration.GetSection("WeCom")).BuildServiceProvider();
        WeComOptions options = services.GetRequiredService<WeComClient>().Options;
        Assert.Equal(("ww1", 1000002, new Uri("http://127.0.0.1:8081")), (options.CorpId, options.AgentId, options.BaseUrl));
    }

    [Fact]
    public void A_name_is_given_once()
        => Assert.Throws<InvalidOperationException>(() => new ServiceCollection().AddWeCom("hr", _ => { }).AddWeCom("hr", _ => { }));

    [Fact]
    public void Every_problem_is_named_with_its_key()
    {
        using ServiceProvider services = new ServiceCollection().AddWeCom("hr", o =>
        {
            o.Secret = " s";
            o.AgentId = -1;
            o.Token = "t";
            o.EncodingAesKey = "short";
            o.BaseUrl = new Uri("ftp://x");
            o.MaxAttempts = 0;
            o.CallTimeout = TimeSpan.Zero;
        }).BuildServiceProvider();
        OptionsValidationException wrong = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<PlatformClients<WeComClient>>().Get("hr"));
        foreach (string key in new[] { "CorpId", "Secret", "AgentId", "EncodingAesKey", "BaseUrl", "MaxAttempts", "CallTimeout" })
        {
            Assert.Contains(wrong.Failures, f => f.StartsWith($"WeCom:hr:{key} ", StringComparison.Ordinal));
        }

        Assert.DoesNotContain("short", wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_receiver_without_its_secrets_says_what_is_missing()
    {
        using ServiceProvider services = new ServiceCollection().AddWeCom(o => (o.CorpId, o.Secret) = ("ww1", "s1")).BuildServiceProvider();
        Assert.Contains("EncodingAesKey", Assert.Throws<ArgumentException>(() => services.GetRequiredService<WeComCallbackReceiver>()).Message, StringComparison.Ordinal);
    }
}
