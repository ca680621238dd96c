using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Api;

/// <summary>Answers what endpoints refuse, and what a platform refuses them: they throw, and this makes a problem of it.</summary>
internal sealed class ProblemAnswers : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (RequestRefusedException e)
        {
            return new ProblemAnswer(Problem.Of(e));
        }
        catch (Exception e) when (Known(context.HttpContext, e) is { } known)
        {
            return new ProblemAnswer(known);
        }
    }

    private static Problem? Known(HttpContext http, Exception exception) =>
        http.RequestServices.GetServices<IExceptionProblems>().Select(kind => kind.Of(exception)).FirstOrDefault(p => p is not null);

    private sealed class ProblemAnswer(Problem problem) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => Problems.WriteAsync(httpContext, problem);
    }
}
