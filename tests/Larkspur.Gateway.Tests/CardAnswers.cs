using Larkspur.Gateway.Inbox;
using Larkspur.Gateway.Inbox.Dispatch;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.Gateway.Tests;

/// <summary>A gateway whose answer to a click (<c>url.preview.get</c>) is a card.</summary>
internal static class CardAnswers
{
    public const string Card = """{"schema":"2.0"}""";

    public static void AnswerWithCard(WebApplicationBuilder builder) =>
        builder.Services.AddSingleton(new EventRoute("feishu", "url.preview.get", static (_, _) => ValueTask.FromResult(WithCard())));

    public static Reaction WithCard() => new(static effects =>
    {
        effects.Answer(new CallbackAnswer { Card = Card });
        return ValueTask.FromResult(Outcome.Answered);
    });
}
