using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Larkspur.Gateway.Tests.Assistant;
using Larkspur.Gateway.Tests.Commands;

namespace Larkspur.Gateway.Tests.Conformance;

/// <summary>Somebody with their client on one platform, in one of the kinds in which people talk with the bot there.</summary>
/// <param name="platforms">The emulated platforms.</param>
/// <param name="who">Whose.</param>
internal abstract class PlatformClient(ThreePlatforms platforms, string who)
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary><see cref="Larkspur.Gateway.Conversations.ChannelKind.Name"/>.</summary>
    public abstract string Kind { get; }

    /// <summary>The path of the call by which the bot says something; null: it needs none.</summary>
    public abstract string? SendPath { get; }

    /// <summary>The check of the doctor that tries its credentials; null: it has none.</summary>
    public abstract string? DoctorCheck { get; }

    protected string Who { get; } = who;

    protected ThreePlatforms Platforms { get; } = platforms;

    /// <summary>They write to the bot alone.</summary>
    public abstract Task SayAsync(string text);

    /// <summary>They write in a group that the bot is in.</summary>
    /// <param name="text">What.</param>
    /// <param name="mention">They mention the bot.</param>
    public virtual Task SayInGroupAsync(string text, bool mention) => throw new NotSupportedException($"{Kind} has no groups.");

    /// <summary>They send a picture.</summary>
    public abstract Task SendPictureAsync(byte[] png);

    /// <summary>They point at somebody's message and say something to the bot.</summary>
    public virtual Task QuoteAsync(string theirs, string text) => throw new NotSupportedException($"{Kind} has no quotes.");

    /// <summary>They write something that the platform delivers twice.</summary>
    /// <returns>Tells whether the second delivery has been answered.</returns>
    public abstract Task<Func<Task<bool>>> SayTwiceDeliveredAsync(string text);

    /// <summary>Everything that the bot has said there, the oldest first.</summary>
    public abstract Task<IReadOnlyList<Said>> SaidAsync();

    /// <summary>The status of an answer that says: not now, and nothing was done.</summary>
    protected virtual int NotNow => 429;

    /// <summary>The platform does not serve the next call by which the bot says something.</summary>
    public Task RefuseNextAsync() => Platforms.Emulator.ControlAsync(HttpMethod.Post, "faults", new { path = SendPath, reply = NotNow, count = 1 });

    /// <summary>It has.</summary>
    public async Task AssertRefusedAsync()
    {
        var faults = (await Platforms.Emulator.ControlAsync(HttpMethod.Get, "faults"))["faults"]!.AsArray();
        Assert.Equal(1, faults.Single(f => f!["path"]?.GetValue<string>() == SendPath)!["hits"]!.GetValue<int>());
    }

    protected static string Json(JsonNode? node) => node?.ToJsonString(Readable) ?? "";

    protected static string Base64(byte[] bytes) => SentFiles.Base64(bytes);

    protected Task<JsonObject> ActAsync(object action) => Platforms.Emulator.ActAsync(action);

    /// <summary>Tells whether the gateway has seen one more event again.</summary>
    protected async Task<Func<Task<bool>>> CountDuplicatesAsync()
    {
        var before = await CountAsync();
        return async () => await CountAsync() > before;

        async Task<double> CountAsync() => (await Platforms.Gateway.Http.GetStringAsync(new Uri("/metrics", UriKind.Relative))).Split('\n')
            .Where(line => line.StartsWith("larkspur_ingress_duplicates_total{", StringComparison.Ordinal))
            .Sum(line => double.Parse(line.Split(' ')[^1], CultureInfo.InvariantCulture));
    }

    protected async Task DuplicateNextAsync(string @event) =>
        await Platforms.Emulator.ControlAsync(HttpMethod.Post, "faults", new { @event, reply = "duplicate", count = 1 });
}
