using System.Globalization;
using System.Net.Mime;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Primitives;

namespace Larkspur.Emulator.Web;

/// <summary>Turns a component into the HTML of one response, for one viewer.</summary>
internal sealed class PageRenderer(IServiceProvider services, ILoggerFactory loggers, EmulatorState state, EmbeddedAssets assets)
{
    /// <summary>The person named by <c>as</c>, else the first of the company; null when there is nobody at all.</summary>
    public Viewer? ViewerOf(HttpRequest request)
    {
        var asked = request.Query["as"].FirstOrDefault() ?? request.Cookies["larkspur_as"];
        var me = (asked is null ? null : state.Person(asked)) ?? state.People.FirstOrDefault(static p => !p.IsResigned);
        return me is null ? null : new Viewer(state, me, Texts.Choose(request), OffsetOf(request), assets.Version)
        {
            Theme = Theme.Of(request), Here = Here(request, me),
        };
    }

    /// <summary>The chat named by <c>chat</c>, when the viewer is in it.</summary>
    public static Chat? ChatOf(HttpRequest request, Viewer viewer) =>
        request.Query["chat"].FirstOrDefault() is { } id && viewer.State.Chat(id) is { Dissolved: false } chat && chat.Has(viewer.Me.UserId)
            ? chat
            : null;

    public async Task<IResult> RenderAsync<TComponent>(Dictionary<string, object?> parameters) where TComponent : IComponent
    {
        await using var renderer = new HtmlRenderer(services, loggers);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
            (await renderer.RenderComponentAsync<TComponent>(ParameterView.FromDictionary(parameters))).ToHtmlString());
        return Results.Content(html, MediaTypeNames.Text.Html, System.Text.Encoding.UTF8);
    }

    private static string Here(HttpRequest request, Person me)
    {
        var kept = request.Query.Where(static q => q.Key is not ("as" or "lang" or "theme")).Select(static q =>
            KeyValuePair.Create(q.Key, q.Value));
        return $"{request.PathBase}{request.Path}{QueryString.Create([KeyValuePair.Create("as", new StringValues(me.UserId)), .. kept])}";
    }

    /// <summary>The script leaves the browser's offset in a cookie; until it has, the machine's own is right for a page on loopback.</summary>
    private TimeSpan OffsetOf(HttpRequest request) =>
        int.TryParse(request.Cookies["larkspur_offset"], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes)
        && minutes is >= -14 * 60 and <= 14 * 60
            ? TimeSpan.FromMinutes(minutes)
            : TimeZoneInfo.Local.GetUtcOffset(state.Clock.GetUtcNow());
}
