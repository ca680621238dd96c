using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Larkspur.WeCom.AiBots;

/// <summary>Callback mode: the one later answer that each message allows, by its response address, within an hour.</summary>
/// <remarks>One use: never repeated by itself, and a lost answer is an error whose effect is unknown. Source: page 101138.</remarks>
public sealed class AiBotResponses(
    HttpClient? http = null, TimeProvider? clock = null, ILogger<AiBotResponses>? logger = null, IRateLimiter? rateLimiter = null)
{
    private readonly TimeProvider _clock = clock ?? TimeProvider.System;
    private readonly IRateLimiter _rateLimiter = rateLimiter ?? new RateLimiter(clock ?? TimeProvider.System);

    /// <summary>Answers.</summary>
    /// <param name="delivery">The message; it has a response address in callback mode only.</param>
    /// <param name="answer">Markdown or a card.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <exception cref="AiBotLimitException">The address is older than an hour.</exception>
    /// <exception cref="WeComApiException">The platform said no: it was used, for instance.</exception>
    public Task SendAsync(AiBotDelivery delivery, AiBotAnswer answer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(delivery);
        ArgumentNullException.ThrowIfNull(answer);
        answer.Require("an answer by the response address", "markdown", "template_card");
        Uri address = delivery.ResponseUrl ?? throw new InvalidOperationException("The delivery has no response address: events and the long connection have none, and one that is neither https nor on loopback is not kept.");
        if (_clock.GetUtcNow() > delivery.ReceivedAt + AiBotLimits.ResponseUrlLife) throw new AiBotLimitException(AiBotLimit.ReplyWindow, "A response address lives for an hour.");
        var settings = new WeComPipelineSettings(address.GetLeftPart(UriPartial.Authority), $"aibot:{delivery.BotId}", TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10), 4, 1, []);
        var pipeline = new WeComPipeline(settings, http ?? PlatformHttp.Shared, _rateLimiter, null, _clock, logger ?? (ILogger)NullLogger.Instance, null);
        var endpoint = WeComEndpoint.Write("aibot.response", address.AbsolutePath) with { TakesToken = false, PerMinute = null };
        RateLimitBudget budget = AiBotBudgets.OfConversation(delivery.BotId, delivery.Conversation);
        string[] values = [.. address.Query.TrimStart('?').Split('&').Select(pair => pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..])];
        return pipeline.SendAsync(new WeComRequest(endpoint)
        {
            RawQuery = address.Query,
            Body = answer.Json,
            // As they travel, and as a text of the platform's may repeat them.
            Secrets = [.. values, .. values.Select(Uri.UnescapeDataString)],
            Budgets = [budget],
            Budget = budget.Key,
        }, null, cancellationToken);
    }
}

/// <summary>What the calls of an AI bot are counted under.</summary>
internal static class AiBotBudgets
{
    /// <summary>The messages of one conversation.</summary>
    public static RateLimitBudget OfConversation(string bot, string conversation) => new($"wecom:aibot:{bot}:{conversation}", new RateLimit(null, AiBotLimits.MessagesPerMinute));
}
