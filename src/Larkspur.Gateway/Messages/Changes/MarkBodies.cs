using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Messages;

/// <summary>A reaction to make.</summary>
/// <param name="EmojiType">The platform's word for it: <c>SMILE</c>, <c>DONE</c>, <c>THUMBSUP</c>…</param>
[RequestSizeLimit(32 << 10)]
internal sealed record NewReaction([property: MaxLength(64)] string EmojiType) : IRequestBody<NewReaction, MessageContracts>;

/// <summary>Whose attention is wanted.</summary>
/// <param name="OpenIds">People of the chat.</param>
/// <param name="By"><c>app</c> (default), <c>sms</c>, <c>phone</c>.</param>
[RequestSizeLimit(32 << 10)]
internal sealed record Urgency(
    [property: MaxLength(200), MaxItemLength(256)] IReadOnlyList<string> OpenIds,
    [property: MaxLength(8)] string? By = null)
    : IRequestBody<Urgency, MessageContracts>;
