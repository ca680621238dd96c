using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Primitives;

namespace Larkspur.Gateway.Hosting;

/// <summary>
/// Routes whose endpoints are made when somebody first asks for an address under one of their prefixes. Making an endpoint compiles its handler: a hundred of them are most of a
/// start, and of no use to the events that wait for its end.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "Disposed with the one change that it tells; until then it holds nothing but memory.")]
internal sealed class LateRoutes : EndpointDataSource, IEndpointRouteBuilder
{
    private readonly WebApplication _app;
    private readonly PathString[] _prefixes;
    private readonly List<EndpointDataSource> _sources = [];
    private readonly Lazy<Task> _making;
    private CancellationTokenSource? _change = new();
    private volatile CompositeEndpointDataSource? _made;
    private volatile bool _known;

    private LateRoutes(WebApplication app, PathString[] prefixes)
    {
        _app = app;
        _prefixes = prefixes;
        // Away from the request that happens to be the first: the others wait for the same work.
        _making = new Lazy<Task>(() => Task.Run(Make));
    }

    public override IReadOnlyList<Endpoint> Endpoints => _made?.Endpoints ?? [];

    public IServiceProvider ServiceProvider => _app.Services;

    public ICollection<EndpointDataSource> DataSources => _sources;

    /// <summary>Adds routes that come late. Before <c>UseRouting</c>: whoever asks for one waits until it is there.</summary>
    /// <param name="app">What serves them.</param>
    /// <param name="prefixes">Each route to be mapped begins with one of these, in any case of letters.</param>
    public static LateRoutes Add(WebApplication app, params PathString[] prefixes)
    {
        var routes = new LateRoutes(app, prefixes);
        ((IEndpointRouteBuilder)app).DataSources.Add(routes);
        app.Use((http, next) => !routes._known && routes.Has(http.Request.Path) ? routes.MakeFirstAsync(http, next) : next(http));
        return routes;
    }

    /// <summary>Makes them now, for who wants to know all endpoints; whoever comes meanwhile waits for the same work.</summary>
    public Task MakeAsync() => _making.Value;

    public IApplicationBuilder CreateApplicationBuilder() => ((IEndpointRouteBuilder)_app).CreateApplicationBuilder();

    public override IChangeToken GetChangeToken() => Volatile.Read(ref _change) is { } change ? new CancellationChangeToken(change.Token) : new CancellationChangeToken(CancellationToken.None);

    private bool Has(PathString path) => Array.Exists(_prefixes, prefix => path.StartsWithSegments(prefix, StringComparison.OrdinalIgnoreCase));

    private async Task MakeFirstAsync(HttpContext http, RequestDelegate next)
    {
        await MakeAsync().WaitAsync(http.RequestAborted);
        await next(http);
    }

    private void Make()
    {
        var made = new CompositeEndpointDataSource(_sources);
        _ = made.Endpoints;
        _made = made;
        // Whoever hears of it asks for the next change at once, and there is none.
        var change = Interlocked.Exchange(ref _change, null)!;
        // Returns when the router knows them.
        change.Cancel();
        change.Dispose();
        // Not before: a request that came in between would find the router without them, and be told that there is nothing.
        _known = true;
    }
}
