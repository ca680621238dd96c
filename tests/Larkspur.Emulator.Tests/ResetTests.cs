using System.Reflection;
using System.Text.Json.Nodes;
using Larkspur.Testing;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests;

public sealed class ResetTests
{
    /// <summary>Singletons that remember and are not reset, each with its reason.</summary>
    private static readonly Dictionary<string, string> Kept = new(StringComparer.Ordinal)
    {
        ["EmulatorState"] = "cleared and seeded by the reset itself, last",
        ["EndpointCatalogue"] = "facts of the platform",
        ["AppTicketClock"] = "a timer that goes on",
        ["ApiHandlers"] = "which endpoints are played",
        ["WeComHandlers"] = "which endpoints are played",
        ["BotConnections"] = "open connections stay",
        ["OpenTablePages"] = "pages that are open stay connected",
        ["CardRoutesApi"] = "addresses of card callbacks stay",
        ["RobotDeliveries"] = "the callback address stays",
    };

    [Fact]
    public void Every_singleton_that_remembers_is_reset()
    {
        IServiceCollection? services = null;
        using var app = EmulatorHost.Build([], builder =>
        {
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            services = builder.Services;
        });
        var singletons = services!.Where(s => s.Lifetime == ServiceLifetime.Singleton && !s.IsKeyedService).ToArray();
        var ours = singletons.Select(s => s.ImplementationType ?? s.ServiceType)
            .Where(t => t.IsClass && t.Assembly == typeof(EmulatorHost).Assembly && !t.ContainsGenericParameters).Distinct().ToArray();
        Assert.True(ours.Length > 100, $"only {ours.Length} singletons were found");
        var reset = Resettable();
        var forgotten = ours.Where(t => !reset.IsAssignableFrom(t) && !Kept.ContainsKey(t.Name) && Memory(t).Any());
        Assert.Empty(forgotten.Select(t => $"{t.FullName}: {string.Join(", ", Memory(t))}"));
        // Found by its own type only: a reset resolves it by that.
        Assert.All(ours.Where(reset.IsAssignableFrom), t => Assert.Contains(singletons, s => s.ServiceType == t));
        Assert.All(Kept.Keys, name => Assert.Contains(ours, t => t.Name == name && Memory(t).Any()));
    }

    [Fact]
    public async Task A_reset_brings_every_platform_back_to_its_start()
    {
        await using var emulator = await EmulatorApp.StartAsync();
        var start = Measure(await emulator.StateAsync());
        await emulator.ActAsync(new { @as = "alice", @do = "send", text = "hi" });
        await emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "Feishu group", people = new[] { "bob" } });
        await emulator.ControlAsync(HttpMethod.Post, "custom-bots", new { chat = emulator.CreateGroup("bob", "Alerts"), name = "Alerts" });
        await emulator.ActAsync(new { platform = "wecom", @as = "alice", @do = "send", text = "hi", to = "app" });
        await emulator.ActAsync(new { platform = "dingtalk", @as = "alice", @do = "send", text = "hi" });
        var group = new { platform = "dingtalk", @as = "bob", @do = "create_group", name = "DingTalk group", people = new[] { "alice" } };
        await emulator.ActAsync(group);
        await emulator.ActAsync(new { platform = "dingtalk", @do = "configure", edition = "standard" });
        await emulator.AdvanceAsync(TimeSpan.FromHours(1));
        var filled = Measure(await emulator.StateAsync());
        string[] changed = ["chats", "messages", "custom_bots", "wecom/messages", "dingtalk/chats", "dingtalk/messages", "dingtalk/month/edition"];
        Assert.All(changed, name => Assert.NotEqual(start[name], filled[name]));

        await emulator.ControlAsync(HttpMethod.Post, "reset");
        Assert.Equal(start, Measure(await emulator.StateAsync()));
    }

    private static Type Resettable() =>
        typeof(EmulatorHost).Assembly.GetType("Larkspur.Emulator.Platforms.IResettableState", throwOnError: true)!;

    /// <summary>Fields that can change, and collections; not what a constructor was given.</summary>
    private static IEnumerable<string> Memory(Type type) => type
        .GetFields(BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.Public)
        .Where(f => !f.Name.EndsWith(">P", StringComparison.Ordinal) && (!f.IsInitOnly || IsCollection(f.FieldType))).Select(f => f.Name);

    private static bool IsCollection(Type type) =>
        type is { IsInterface: false, Namespace: "System.Collections.Generic" or "System.Collections.Concurrent" or "System.Collections" };

    /// <summary>Single values by path, and of lists how long they are; without what moves by itself.</summary>
    private static SortedDictionary<string, string> Measure(JsonObject state)
    {
        var measured = new SortedDictionary<string, string>(StringComparer.Ordinal);
        Add("", state);
        foreach (var moving in new[] { "version", "clock/now" }) measured.Remove(moving);
        return measured;

        void Add(string prefix, JsonObject from)
        {
            foreach (var (name, value) in from)
            {
                if (value is JsonObject inner) Add(prefix + name + "/", inner);
                else measured[prefix + name] = value is JsonArray list ? $"{list.Count} items" : value?.ToJsonString() ?? "null";
            }
        }
    }
}
