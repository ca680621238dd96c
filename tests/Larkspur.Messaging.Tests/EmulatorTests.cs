using Larkspur.Emulator.State;
using Larkspur.Feishu;
using Larkspur.Feishu.Messaging;

namespace Larkspur.Messaging.Tests;

/// <summary>A client of the SDK against the emulator, whose clock stands still; limits are off unless a test is about them.</summary>
public abstract class EmulatorTests : IAsyncLifetime
{
    protected EmulatorApp Emulator { get; private set; } = null!;

    protected FeishuClient Feishu { get; private set; } = null!;

    protected static string Purchasing => SeededCompany.PurchasingChat;

    protected static string Open(string person) => WireIds.OpenId(EmulatorApp.AppId, person);

    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    protected virtual double RateLimitFactor => 0;

    public virtual async ValueTask InitializeAsync()
    {
        Emulator = await EmulatorApp.StartAsync(s => s with { RealTime = new ManualTimeProvider(), RateLimitFactor = RateLimitFactor });
        Feishu = new FeishuClient(new FeishuOptions { AppId = EmulatorApp.AppId, AppSecret = EmulatorApp.DefaultApp.AppSecret, BaseUrl = Emulator.BaseUrl, CallTimeout = TimeSpan.FromSeconds(30) });
    }

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Emulator.DisposeAsync();
    }

    protected Task<ChatMessage> SayAsync(string words, string? chat = null) => Feishu.Messages.SendAsync(Recipient.Chat(chat ?? Purchasing), MessageContent.Text(words), cancellationToken: Stop);

    /// <summary>Somebody says something; returns the message's id.</summary>
    protected async Task<string> PersonSaysAsync(string person, string words, string? chat = null)
        => (await Emulator.ActAsync(new { @as = person, @do = "send", chat = chat ?? Purchasing, text = words }))["message_id"]!.GetValue<string>();

    /// <summary>A group of people without the bot.</summary>
    protected async Task<string> StrangeGroupAsync()
        => (await Emulator.ActAsync(new { @as = "alice", @do = "create_group", name = "private" }))["chat_id"]!.GetValue<string>();

    protected static async Task<FeishuApiException> RefusedAsync(Task call) => await Assert.ThrowsAnyAsync<FeishuApiException>(() => call);

    protected static async Task<List<T>> ListAsync<T>(IAsyncEnumerable<T> items)
    {
        var list = new List<T>();
        await foreach (T item in items) list.Add(item);
        return list;
    }
}
