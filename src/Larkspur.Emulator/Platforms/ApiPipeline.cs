using Larkspur.Emulator.Control;

namespace Larkspur.Emulator.Platforms;

/// <summary>
/// What every emulated platform does with an API call: read the body within bounds, inject planned faults, take the platform's own steps,
/// put a refusal into the platform's shape, record the call, answer. A platform adds its rules by overriding the steps.
/// </summary>
/// <typeparam name="TExchange">The call, with what the platform's steps find out about it.</typeparam>
/// <typeparam name="TRefusal">How the platform's steps say no.</typeparam>
internal abstract partial class ApiPipeline<TExchange, TRefusal>(
    EmulatorState state, EmulatorSettings settings, FaultRules faults, ILogger log)
    where TExchange : ApiExchange
    where TRefusal : Exception
{
    protected EmulatorState State => state;

    public async Task HandleAsync(HttpContext http)
    {
        var exchange = Begin(http, settings.RealTime.GetTimestamp());
        var fault = faults.ForCall(http.Request.Method, exchange.Path);
        var answer = new ApiAnswer { Status = 0 };
        try
        {
            if (fault is { Kind: FaultKind.Refuse }) exchange.Verdict = $"connection broken by {fault.Id}, nothing done";
            else answer = await AnswerAsync(exchange, fault);
        }
        catch (TRefusal refusal)
        {
            answer = Refuse(exchange, refusal);
        }
        catch (BadBodyException bad)
        {
            answer = Refuse(exchange, Unreadable(bad.What));
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            return;
        }
        catch (Exception defect) when (defect is not OperationCanceledException)
        {
            LogDefect(log, defect, http.Request.Method, exchange.Path, exchange.LogId);
            answer = Refused(exchange, Defect("internal error of the emulator, see its log"));
            exchange.Verdict = "defect of the emulator: " + defect.GetType().Name;
        }

        var body = answer.Body();
        var drop = fault is { Kind: FaultKind.Drop or FaultKind.Refuse };
        if (fault is { Kind: FaultKind.Drop }) exchange.Verdict += $" · answer dropped by {fault.Id}";
        Record(exchange, answer, body, drop);
        if (drop || (http.Response.HasStarted && !answer.IsSent)) http.Abort();
        else await answer.WriteAsync(http, body);
    }

    /// <summary>Its name, as in <see cref="IEmulatedPlatform.Name"/>.</summary>
    protected abstract string Platform { get; }

    protected abstract TExchange Begin(HttpContext http, long started);

    /// <summary>Reads the body within the platform's bounds.</summary>
    /// <exception cref="BadBodyException">It is too large.</exception>
    protected abstract Task ReadBodyAsync(TExchange exchange);

    /// <summary>The platform's own steps, from finding the endpoint to its effect.</summary>
    /// <exception cref="BadBodyException">The body is not what the endpoint takes.</exception>
    protected abstract Task<ApiAnswer> ServeAsync(TExchange exchange);

    /// <summary>A refusal in the platform's shape.</summary>
    protected abstract ApiAnswer Refused(TExchange exchange, TRefusal refusal);

    /// <summary>How the platform fails when a fault says with which status, and perhaps with which code.</summary>
    protected abstract TRefusal Injected(FaultRule fault);

    protected abstract TRefusal Unreadable(BadBody what);

    protected abstract TRefusal Defect(string message);

    /// <summary>A text of the call without secrets: its path, its body, its answer.</summary>
    protected abstract string Redact(string text);

    private async Task<ApiAnswer> AnswerAsync(TExchange exchange, FaultRule? fault)
    {
        await ReadBodyAsync(exchange);
        if (fault is { Kind: FaultKind.Status }) throw Injected(fault);
        if (fault is { Kind: FaultKind.Delay })
        {
            await Task.Delay(fault.Delay, settings.RealTime, exchange.Http.RequestAborted);
            exchange.Verdict = $"delayed by {fault.Id} · ";
        }

        var answer = await ServeAsync(exchange);
        exchange.Verdict += "served";
        return answer;
    }

    private ApiAnswer Refuse(TExchange exchange, TRefusal refusal)
    {
        var answer = Refused(exchange, refusal);
        exchange.Verdict += $"refused: {answer.Code} {refusal.Message}";
        return answer;
    }

    private void Record(TExchange exchange, ApiAnswer answer, byte[] body, bool dropped) => state.Inspector.Add(new ApiCall
    {
        Platform = Platform,
        Number = state.Inspector.NextNumber(), Time = state.Clock.GetUtcNow(), Method = exchange.Request.Method,
        Path = Redact(exchange.Path + exchange.Request.QueryString), EndpointId = exchange.EndpointId, AppId = exchange.AppId,
        Headers = ShownHeaders.Of(exchange.Request.Headers), RequestBody = Redact(exchange.Body.Describe()), Status = dropped ? 0 : answer.Status,
        Code = long.TryParse(answer.Code, out var code) ? code : null, ResponseBody = Redact(answer.Describe(body)),
        LogId = exchange.LogId, Verdict = exchange.Verdict,
        Milliseconds = Math.Round(settings.RealTime.GetElapsedTime(exchange.Started).TotalMilliseconds, 2),
    });

    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "The emulator failed to answer {Method} {Path} ({LogId})")]
    private static partial void LogDefect(ILogger logger, Exception defect, string method, string path, string logId);
}
