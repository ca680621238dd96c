using Larkspur.Gateway.Api.Requests;
using Larkspur.Gateway.Common.Refusals;

namespace Larkspur.Gateway.Approvals;

/// <summary>What the routes of approvals share.</summary>
internal static class ApprovalRoutes
{
    /// <summary>The refusals of a route, in the shape of <see cref="MessageProblem"/>.</summary>
    public static RouteHandlerBuilder Declines(this RouteHandlerBuilder route, params ReadOnlySpan<int> statuses) => MessageProblemMetadata.Refuses(route, statuses);
}
