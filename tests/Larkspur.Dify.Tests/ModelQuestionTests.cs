using System.Collections.Concurrent;
using Larkspur.Dify.OpenAi;
using Microsoft.AspNetCore.Http;

namespace Larkspur.Dify.Tests;

/// <summary>What questions with files to a model cost while their answers last.</summary>
public sealed class ModelQuestionTests : IAsyncLifetime
{
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DifyStub _stub = null!;
    private DifyStub _other = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_stub, _other) = (await DifyStub.StartAsync(), await DifyStub.StartAsync());

    public async ValueTask DisposeAsync()
    {
        _over.TrySetResult();
        await _stub.DisposeAsync();
        await _other.DisposeAsync();
    }

    [Fact]
    public async Task A_model_that_hangs_holds_up_no_other_model()
    {
        const int All = 8;
        var model = Model(_stub);
        using var leaving = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        for (var i = 0; i < All; i++) _stub.Then(_ => _over.Task);
        var hanging = Enumerable.Range(0, All).Select(_ => AskAsync(model, leaving.Token)).ToList();
        await HoldsAsync(() => _stub.Questions.Count == All);
        _other.ThenEvents("""{"choices":[{"delta":{"content":"ok"},"finish_reason":"stop"}]}""");
        var told = await AskAsync(Model(_other), Cancellation).WaitAsync(TimeSpan.FromSeconds(30), Cancellation);
        Assert.IsType<AssistantEnded>(told[^1]);
        await leaving.CancelAsync();
        foreach (var one in hanging) await Assert.ThrowsAnyAsync<OperationCanceledException>(() => one);
    }

    [Fact]
    public async Task A_question_is_forgotten_once_its_answer_has_begun()
    {
        _stub.Then(async http =>
        {
            http.Response.ContentType = "text/event-stream";
            await http.Response.WriteAsync("data: {\"choices\":[{\"delta\":{\"content\":\"ok\"}}]}\n\n");
            await http.Response.Body.FlushAsync();
            await _over.Task;
            await http.Response.WriteAsync("data: {\"choices\":[{\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        });
        using var bodies = new Bodies();
        await using var told = Model(_stub, bodies).AskAsync(Question(), Cancellation).GetAsyncEnumerator(Cancellation);
        Assert.True(await told.MoveNextAsync());
        Assert.Single(bodies.Seen);
        await HoldsAsync(() =>
        {
            GC.Collect();
            return bodies.Seen.All(b => !b.IsAlive);
        });
        _over.SetResult();
        while (await told.MoveNextAsync()) Assert.IsNotType<AssistantFileRefused>(told.Current);
    }

    private static AssistantQuestion Question() => new("What?", "p") { Files = [new("a.png", "image/png", new MemoryStream([1, 2, 3]))] };

    private static Task<List<AssistantEvent>> AskAsync(OpenAiBackend model, CancellationToken cancellation) => model.AskAsync(Question(), cancellation).ToListAsync(cancellation).AsTask();

    private static OpenAiBackend Model(DifyStub stub, Bodies? bodies = null)
    {
        var options = new OpenAiOptions { BaseUrl = stub.BaseUrl, Model = "m", Sees = true };
        var http = bodies is null ? DifyClient.CreateHttpClient() : new HttpClient(bodies, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        return new OpenAiBackend(new OpenAiClient(options, http, random: new Random(1)), options);
    }

    private static async Task HoldsAsync(Func<bool> holds)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        deadline.CancelAfter(TimeSpan.FromSeconds(30));
        using var ticks = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        while (!holds()) await ticks.WaitForNextTickAsync(deadline.Token);
    }

    /// <summary>Knows what was sent as long as anybody else does.</summary>
    private sealed class Bodies() : DelegatingHandler(new SocketsHttpHandler { UseProxy = false })
    {
        public ConcurrentQueue<WeakReference> Seen { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Seen.Enqueue(new WeakReference(request.Content));
            return base.SendAsync(request, cancellationToken);
        }
    }
}
