using System.ComponentModel.DataAnnotations;
using Larkspur.Gateway.Api.Keys;
using Larkspur.Gateway.Api.Requests;
using Microsoft.AspNetCore.Mvc;

namespace Larkspur.Gateway.Tables.Bases;

/// <summary>What is sent to open a base, or to change one. Absent: as it was; a new one needs its token.</summary>
/// <param name="Token">The base's token, or its address: <c>https://….feishu.cn/base/TOKEN</c>, or <c>/wiki/TOKEN</c>.</param>
/// <param name="App">The app that reads and writes it, by its configured name; it must be a collaborator of the base.</param>
/// <param name="System">The system that it is opened to; default: the calling key's. Another one takes others:write.</param>
[RequestSizeLimit(16 << 10)]
internal sealed record PutBase(
    [property: MaxLength(1000)] string? Token = null,
    [property: MaxLength(256)] string? App = null,
    [property: MaxLength(KeyReach.LongestSystem)] string? System = null)
    : IRequestBody<PutBase, TableContracts>;
