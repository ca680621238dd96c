using Larkspur.Feishu;
using Larkspur.Feishu.Tables;
using Larkspur.Gateway.Api;
using Larkspur.Gateway.Api.Requests;

namespace Larkspur.Gateway.Tables.Refusals;

/// <summary>What goes wrong with tables, as an answer over REST.</summary>
internal sealed class TableProblems : IExceptionProblems
{
    public Problem? Of(Exception exception) => exception switch
    {
        TableRefusedException e => Refused(e),
        TableQueryException e => Problem.Of(StatusCodes.Status422UnprocessableEntity, "bad_filter", e.Message) with { Pointer = "?filter" },
        TimeZoneNotFoundException e => Problem.Of(StatusCodes.Status422UnprocessableEntity, "unknown_time_zone", e.Message),
        _ => null,
    };

    private static Problem Refused(TableRefusedException e)
    {
        var (known, told) = (e.Refusal, e.Cause);
        return Problem.Of(known.Status, known.Word, known.Text.English, known.Text.Chinese) with
        {
            Pointer = known.Pointer, Code = told.Code, LogId = told.LogId, Detail = told.Msg is { Length: > 0 } msg ? msg : null,
        };
    }
}

/// <summary>Finds what the platform's refusals mean, for all routes of the room.</summary>
internal sealed class TableRefusalFilter : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (FeishuApiException e) when (TableRefusals.Of(e) is { } known)
        {
            throw new TableRefusedException(e, known);
        }
    }
}
