using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using Larkspur.Emulator.DingTalk;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Emulator.Tests.DingTalk;

/// <summary>An emulator whose DingTalk is called as an app calls it, on paths and bodies alone.</summary>
public abstract class DingTalkTest : IAsyncLifetime
{
    private protected static readonly TimeSpan Bound = TimeSpan.FromSeconds(60);
    private protected static readonly DingTalkSettings App = new();
    private string? _token;

    private DingTalkSettings Settings => Emulator.Services.GetRequiredService<EmulatorSettings>().DingTalk;

    private protected EmulatorApp Emulator { get; private set; } = null!;

    public virtual async ValueTask InitializeAsync() => Emulator = await EmulatorApp.StartAsync(Configure);

    public virtual async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await Emulator.DisposeAsync();
    }

    /// <summary>A slow machine is not a late answer.</summary>
    private protected virtual EmulatorSettings Configure(EmulatorSettings settings) => settings with { DingTalk = App with { CardPatience = Bound } };

    private protected async Task<string> TokenAsync() =>
        _token ??= (await SendAsync(HttpMethod.Post, "/v1.0/oauth2/accessToken", new { appKey = Settings.ClientId, appSecret = Settings.ClientSecret })).Json["accessToken"]!.GetValue<string>();

    /// <summary>After the clock went on beyond the token's life.</summary>
    private protected void ForgetToken() => _token = null;

    /// <summary>A call of the new generation with the application's token.</summary>
    private protected async Task<DingTalkReply> CallAsync(HttpMethod method, string path, object? body = null) => await SendAsync(method, path, body, await TokenAsync());

    /// <summary>A call of the old generation with the application's token.</summary>
    private protected async Task<DingTalkReply> OldAsync(string path, object? body = null) =>
        await SendAsync(HttpMethod.Post, $"{path}?access_token={await TokenAsync()}", body ?? new { });

    private protected async Task<DingTalkReply> SendAsync(HttpMethod method, string path, object? body = null, string? token = null, string? accept = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = body as HttpContent ?? (body is string text ? new StringContent(text, Encoding.UTF8, "application/json") : JsonContent.Create(body));
        if (token is not null) request.Headers.Add("x-acs-dingtalk-access-token", token);
        if (accept is not null) request.Headers.Add("Accept", accept);
        using var response = await Emulator.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var answer = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return new DingTalkReply((int)response.StatusCode, answer.StartsWith('{') ? JsonNode.Parse(answer)!.AsObject() : [], answer);
    }

    private protected Task<JsonObject> ActAsync(object action) => Emulator.ActAsync(action);

    private protected async Task<JsonObject> StateAsync() => (await Emulator.StateAsync())["dingtalk"]!.AsObject();

    private protected async Task<JsonObject[]> MessagesAsync(string? chatId = null) =>
        [.. (await StateAsync())["messages"]!.AsArray().Select(m => m!.AsObject()).Where(m => chatId is null || m["chat_id"]!.GetValue<string>() == chatId)];

    private protected async Task<JsonObject> CardAsync(string outTrackId) =>
        (await StateAsync())["cards"]!.AsArray().Select(c => c!.AsObject()).Single(c => c["out_track_id"]!.GetValue<string>() == outTrackId);

    /// <summary>Of the two seeded groups, the one that all are in.</summary>
    private protected async Task<string> GroupAsync() =>
        (await StateAsync())["chats"]!.AsArray().Single(c => c!["title"]!.GetValue<string>() == "采购协作群")!["chat_id"]!.GetValue<string>();

    private protected static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var timer = new CancellationTokenSource(Bound);
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(10));
        while (!await condition()) await ticks.WaitForNextTickAsync(timer.Token);
    }

    /// <summary>Waits until as many deliveries are over; the newest first.</summary>
    private protected async Task<IReadOnlyList<State.PushAttempt>> PushesAsync(int count)
    {
        await UntilAsync(() => Task.FromResult(Emulator.State.Inspector.Pushes().Count >= count));
        return Emulator.State.Inspector.Pushes();
    }
}

internal sealed record DingTalkReply(int Status, JsonObject Json, string Text)
{
    public string? Code => Json["code"]?.GetValue<string>();

    public long ErrCode => Json["errcode"]?.GetValue<long>() ?? long.MinValue;
}
