using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Larkspur.Gateway.Apps.Feishu;
using Larkspur.Gateway.Common;
using Larkspur.Gateway.People.Identities;
using Larkspur.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Larkspur.EndToEnd.Tests.Console;

/// <summary>People who are asked to let a business system act in their own name, and answer.</summary>
internal static class AuthorizationSeed
{
    public const string Scope = "calendar:calendar:readonly";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>Asks somebody of the emulated company.</summary>
    /// <returns>The authorization's id and link.</returns>
    public static async Task<(string Id, string Link)> AskAsync(GatewayApp gateway, string who, params string[] scopes)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri("/api/v1/authorizations", UriKind.Relative))
        {
            Headers = { Authorization = new("Bearer", GatewayApp.ApiKey) },
            Content = JsonContent.Create(new
            {
                to = new { user_id = who }, scopes = scopes.Length > 0 ? scopes : [Scope], notify = false,
                reason = new { zh = "查看您的日程，预订空闲的会议室", en = "See your calendar, to book a room that is free" },
            }),
        };
        using var answer = await gateway.Http.SendAsync(request, Cancel);
        var made = await answer.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.True(answer.StatusCode == HttpStatusCode.Created, made.ToString());
        return (made.GetProperty("id").GetString()!, made.GetProperty("url").GetString()!);
    }

    /// <summary>Somebody follows their link and answers: a yes on the platform's page too, a no as who they are signed in.</summary>
    public static async Task AnswerAsync(string link, string who, bool allows = true)
    {
        using var handler = new SocketsHttpHandler { AllowAutoRedirect = false, CookieContainer = new CookieContainer() };
        using var http = new HttpClient(handler);
        if (!allows)
        {
            using var signIn = await http.GetAsync(new Uri(new Uri(link), "/sign-in/feishu"), Cancel);
            await ComeBackAsync(http, signIn, who);
        }

        using var form = new FormUrlEncodedContent([new("decision", allows ? "allow" : "refuse")]);
        using var answered = await http.PostAsync(new Uri(link), form, Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, answered.StatusCode);
        if (allows) await ComeBackAsync(http, answered, who);
    }

    /// <summary>They say who they are on the platform's page, and are back.</summary>
    private static async Task ComeBackAsync(HttpClient http, HttpResponseMessage sent, string who)
    {
        using var chosen = await http.GetAsync(new Uri($"{sent.Headers.Location!.AbsoluteUri}&as={who}&decision=allow"), Cancel);
        using var back = await http.GetAsync(chosen.Headers.Location, Cancel);
        Assert.Equal(HttpStatusCode.SeeOther, back.StatusCode);
    }

    /// <summary>Somebody is known to the gateway, by their account with the app.</summary>
    /// <returns>Their id.</returns>
    public static async Task<string> KnownAsync(GatewayApp gateway, string openId, string name) =>
        (await gateway.Services.GetRequiredService<IIdentities>().GetOrCreateAsync(new PlatformAccount
        {
            Platform = PlatformNames.Feishu, App = FeishuApps.Default, Name = name, IsExternal = false,
            Ids = [new PlatformIdentity(PlatformNames.Feishu, FeishuApps.Default, "open_id", openId)],
        }, Cancel)).Id;
}
