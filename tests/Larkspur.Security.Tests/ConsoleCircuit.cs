using System.Security.Claims;
using Larkspur.Gateway.Console;
using Larkspur.Gateway.Console.LogIn;
using Larkspur.Gateway.Console.Shell;
using Larkspur.Gateway.Storage;
using Larkspur.Gateway.Tests;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.AspNetCore.Components.RenderTree;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Larkspur.Security.Tests;

/// <summary>What the server holds of an open page, without a browser: its events arrive in the order that a test chooses.</summary>
#pragma warning disable BL0006 // The tree of a page is read the way a browser's end of the circuit would.
internal sealed class ConsoleCircuit : Renderer, IAsyncDisposable
{
    private readonly AsyncServiceScope _scope;
    private readonly AuthenticationState _who;
    private readonly ConsoleStand _stand;
    private TaskCompletionSource<AuthenticationState>? _held;
    private int _root;

    private ConsoleCircuit(ConsoleStand stand, AsyncServiceScope scope, string session)
        : base(scope.ServiceProvider, scope.ServiceProvider.GetRequiredService<ILoggerFactory>())
    {
        (_stand, _scope) = (stand, scope);
        _who = new AuthenticationState(new ClaimsPrincipal(new ClaimsIdentity([new Claim(ConsoleGate.SessionClaim, session)], "console")));
        Know(Task.FromResult(_who));
        var navigation = scope.ServiceProvider.GetRequiredService<NavigationManager>();
        ((IHostEnvironmentNavigationManager)navigation).Initialize(stand.Gateway.Address.ToString(), stand.Gateway.Address.ToString());
        Questions.Changed += () =>
        {
            if (Questions.Standing is { } question) Asked.Add(question.Title);
        };
    }

    /// <summary>Titles of the questions that the page asked.</summary>
    public List<string> Asked { get; } = [];

    public override Dispatcher Dispatcher { get; } = Dispatcher.CreateDefault();

    private Questions Questions => _scope.ServiceProvider.GetRequiredService<Questions>();

    /// <summary>Opens a page of <c>admin</c>, whose last proof is long ago.</summary>
    public static async Task<ConsoleCircuit> OpenAsync<T>(ConsoleStand stand, Dictionary<string, object?>? parameters = null)
        where T : IComponent
    {
        var browser = stand.Browser();
        await browser.LogInAsync();
        var session = (await stand.SessionAsync(browser))!.Id;
        await stand.Of<IDatabase>().TransactAsync(async unit => await unit.ExecuteAsync("UPDATE console_session SET confirmed_at = 0"));
        stand.Of<Sessions>().Forget();
        var circuit = new ConsoleCircuit(stand, stand.Gateway.Services.CreateAsyncScope(), session);
        var viewing = new Viewing("en", null, (await stand.SessionAsync(browser))!.Account);
        await circuit.Dispatcher.InvokeAsync(() =>
        {
            circuit._root = circuit.AssignRootComponentId(new Page(viewing, typeof(T), parameters ?? []));
            return circuit.RenderRootComponentAsync(circuit._root, ParameterView.Empty);
        });
        return circuit;
    }

    /// <summary>From now on the server waits with every question who it is.</summary>
    public void Hold() => Know((_held = new TaskCompletionSource<AuthenticationState>()).Task);

    /// <summary>It waits no longer.</summary>
    public Task ReleaseAsync() => Dispatcher.InvokeAsync(() =>
    {
        Know(Task.FromResult(_who));
        _held!.SetResult(_who);
    });

    public Task ChangeAsync(string id, object value) =>
        SendAsync("onchange", element => element.Attribute("id") == id, new ChangeEventArgs { Value = value });

    public Task SubmitAsync() => SendAsync("onsubmit", _ => true, EventArgs.Empty);

    public Task ClickAsync(string text) => SendAsync("onclick", element => element.Text.Trim() == text, new MouseEventArgs());

    /// <summary>Answers the question that stands.</summary>
    public async Task AnswerAsync(string title, bool answer)
    {
        await _stand.Gateway.UntilAsync(() => Task.FromResult(Asked.Contains(title)));
        Asked.Remove(title);
        await Dispatcher.InvokeAsync(() => Questions.Answer(Questions.Standing!, answer));
    }

    protected override void HandleException(Exception exception) => throw new InvalidOperationException("The page failed.", exception);

    protected override Task UpdateDisplayAsync(in RenderBatch renderBatch) => Task.CompletedTask;

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await Dispatcher.InvokeAsync(() => Dispose());
        await _scope.DisposeAsync();
    }

    private void Know(Task<AuthenticationState> who) => ((IHostEnvironmentAuthenticationStateProvider)_scope.ServiceProvider
        .GetRequiredService<AuthenticationStateProvider>()).SetAuthenticationState(who);

    private Task SendAsync(string what, Func<Element, bool> whose, EventArgs args) => Dispatcher.InvokeAsync(() =>
    {
        var found = Elements(_root).First(e => e.Handlers.ContainsKey(what) && whose(e));
        return DispatchEventAsync(found.Handlers[what], null, args);
    });

    private IEnumerable<Element> Elements(int component)
    {
        var frames = GetCurrentRenderTreeFrames(component);
        for (var i = 0; i < frames.Count; i++)
        {
            var frame = frames.Array[i];
            if (frame.FrameType == RenderTreeFrameType.Element) yield return Element.Of(frames.Array.AsSpan(i, frame.ElementSubtreeLength));
            if (frame.FrameType != RenderTreeFrameType.Component) continue;
            foreach (var below in Elements(frame.ComponentId)) yield return below;
        }
    }

    private sealed record Element(Dictionary<string, string?> Attributes, Dictionary<string, ulong> Handlers, string Text)
    {
        public string? Attribute(string name) => Attributes.GetValueOrDefault(name);

        public static Element Of(ReadOnlySpan<RenderTreeFrame> frames)
        {
            var element = new Element([], [], "");
            var own = true;
            for (var i = 1; i < frames.Length; i++)
            {
                var frame = frames[i];
                own &= frame.FrameType == RenderTreeFrameType.Attribute;
                if (own && frame.AttributeEventHandlerId > 0) element.Handlers[frame.AttributeName] = frame.AttributeEventHandlerId;
                else if (own) element.Attributes[frame.AttributeName] = frame.AttributeValue?.ToString();
                else if (frame.FrameType == RenderTreeFrameType.Text) element = element with { Text = element.Text + frame.TextContent };
            }

            return element;
        }
    }

    private sealed class Page(Viewing viewing, Type type, Dictionary<string, object?> parameters) : ComponentBase
    {
        protected override void BuildRenderTree(RenderTreeBuilder builder)
        {
            builder.OpenComponent<CascadingValue<Viewing>>(0);
            builder.AddAttribute(1, "Value", viewing);
            builder.AddAttribute(2, "ChildContent", (RenderFragment)(inner =>
            {
                inner.OpenComponent(0, type);
                inner.AddMultipleAttributes(1, parameters!);
                inner.CloseComponent();
            }));
            builder.CloseComponent();
        }
    }
}
