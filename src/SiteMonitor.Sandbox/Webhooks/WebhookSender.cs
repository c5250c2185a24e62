using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Threading.Channels;
using SiteMonitor.Sandbox.Faults;
using SiteMonitor.Sandbox.State;

namespace SiteMonitor.Sandbox.Webhooks;

/// <summary>
/// Sends deliveries as GitHub does: signed over the raw bytes, in order per repository, with a time-out of ten seconds, and never again by
/// itself. Deliveries that are unsent when the process ends are sent after the next start.
/// </summary>
internal sealed class WebhookSender : IAsyncDisposable
{
    private static readonly TimeSpan AnswerTimeout = TimeSpan.FromSeconds(10);

    private readonly SandboxState _state;
    private readonly SandboxStore _store;
    private readonly FaultInjector _faults;
    private readonly byte[]? _secret;
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false }) { Timeout = AnswerTimeout };
    private readonly ConcurrentDictionary<string, Channel<WebhookDelivery>> _queues = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<long, WebhookDelivery> _log = new();
    private readonly ConcurrentBag<Task> _workers = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource _connected = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile Uri? _target;
    private int _pending;

    public WebhookSender(SandboxState state, SandboxStore store, FaultInjector faults, string? secret)
    {
        _state = state;
        _store = store;
        _faults = faults;
        _secret = secret is null ? null : Encoding.UTF8.GetBytes(secret);
        foreach (WebhookDelivery delivery in state.StoredDeliveries)
        {
            _log[delivery.Sequence] = delivery;
        }

        foreach (WebhookDelivery delivery in state.Undelivered)
        {
            Enqueue(delivery);
        }

        state.DeliveryQueued += Enqueue;
    }

    /// <summary>Raised when a delivery has left the queue: answered, failed, deleted or cancelled.</summary>
    public event Action? Completed;

    public Uri? Target => _target;

    public IReadOnlyList<WebhookDelivery> Log => [.. _log.Values.OrderBy(d => d.Sequence)];

    public bool IsIdle => Volatile.Read(ref _pending) == 0;

    /// <summary>Sets the receiver; queued deliveries are sent from now on.</summary>
    public void Connect(Uri target)
    {
        _target = target;
        _connected.TrySetResult();
    }

    public WebhookDelivery? Redeliver(Guid id) => Log.LastOrDefault(d => d.Id == id) is { } original ? _state.Redeliver(original) : null;

    /// <summary>Returns the value of <c>X-Hub-Signature-256</c>.</summary>
    public static string Sign(byte[] secret, byte[] payload) => $"sha256={Convert.ToHexStringLower(HMACSHA256.HashData(secret, payload))}";

    public void Clear() => _log.Clear();

    public async ValueTask DisposeAsync()
    {
        _state.DeliveryQueued -= Enqueue;
        await _stop.CancelAsync();
        await Task.WhenAll(_workers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _http.Dispose();
        _stop.Dispose();
    }

    private void Enqueue(WebhookDelivery delivery)
    {
        _log[delivery.Sequence] = delivery;
        Interlocked.Increment(ref _pending);
        Channel<WebhookDelivery> queue = _queues.GetOrAdd(delivery.Repository, _ =>
        {
            Channel<WebhookDelivery> created = Channel.CreateUnbounded<WebhookDelivery>(
                new UnboundedChannelOptions { SingleReader = true });
            _workers.Add(Task.Run(() => WorkAsync(created.Reader, _stop.Token)));
            return created;
        });
        queue.Writer.TryWrite(delivery);
    }

    private async Task WorkAsync(ChannelReader<WebhookDelivery> queue, CancellationToken cancellationToken)
    {
        await _connected.Task.WaitAsync(cancellationToken);
        await foreach (WebhookDelivery delivery in queue.ReadAllAsync(cancellationToken))
        {
            FaultRule? fault = FindFault(delivery);
            if (fault is { Effect: FaultEffect.Reorder } && await NextAsync(queue, fault.DelayMs, cancellationToken) is { } next)
            {
                await DeliverAsync(next, FindFault(next), cancellationToken);
            }

            await DeliverAsync(delivery, fault, cancellationToken);
        }
    }

    private FaultRule? FindFault(WebhookDelivery delivery) => _faults.Next(
        RequestMatch.Tags(["webhook", delivery.Event, $"{delivery.Event}.{delivery.Action}", $"#{delivery.Number}"]));

    private static async Task<WebhookDelivery?> NextAsync(ChannelReader<WebhookDelivery> queue, int ms, CancellationToken cancellationToken)
    {
        using CancellationTokenSource timer = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timer.CancelAfter(ms);
        try
        {
            return await queue.ReadAsync(timer.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task DeliverAsync(WebhookDelivery delivery, FaultRule? fault, CancellationToken cancellationToken)
    {
        try
        {
            if (fault is { Effect: FaultEffect.Slow })
            {
                await Task.Delay(TimeSpan.FromMilliseconds(fault.DelayMs), TimeProvider.System, cancellationToken);
            }

            if (!IsKnown(delivery))
            {
                return;
            }

            WebhookDelivery sent = fault is { Effect: FaultEffect.Reset }
                ? delivery with { SentAt = _state.Now, Status = 0, Response = "lost by an injected fault" }
                : await SendAsync(delivery, cancellationToken);
            if (fault is { Effect: FaultEffect.Duplicate })
            {
                sent = await SendAsync(delivery, cancellationToken);
            }

            if (_log.TryUpdate(sent.Sequence, sent, delivery))
            {
                _store.Update(sent);
            }
        }
        finally
        {
            Interlocked.Decrement(ref _pending);
            Completed?.Invoke();
        }
    }

    /// <summary>Whether no reset has deleted the delivery since it was queued.</summary>
    private bool IsKnown(WebhookDelivery delivery) => _log.TryGetValue(delivery.Sequence, out WebhookDelivery? known) && known == delivery;

    private async Task<WebhookDelivery> SendAsync(WebhookDelivery delivery, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        int status = 0;
        string text;
        try
        {
            using HttpRequestMessage request = Request(_target!, delivery, _store.Payload(delivery.Sequence));
            using HttpResponseMessage response = await _http.SendAsync(request, cancellationToken);
            status = (int)response.StatusCode;
            text = await response.Content.ReadAsStringAsync(cancellationToken);
        }
#pragma warning disable CA1031 // Whatever goes wrong fails this delivery only: those queued behind it must still be sent.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            text = failure switch
            {
                OperationCanceledException => "timed out",
                HttpRequestException => "failed to connect to host",
                _ => failure.ToString(),
            };
        }

        return delivery with
        {
            SentAt = _state.Now,
            Status = status,
            DurationMs = (int)Stopwatch.GetElapsedTime(start).TotalMilliseconds,
            Response = text.Length > 500 ? text[..500] : text,
        };
    }

    private HttpRequestMessage Request(Uri target, WebhookDelivery delivery, byte[] payload)
    {
        HttpRequestMessage request = new(HttpMethod.Post, target) { Content = new ByteArrayContent(payload) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Accept.ParseAdd("*/*");
        request.Headers.UserAgent.ParseAdd("GitHub-Hookshot/5a9db0c");
        request.Headers.Add("X-GitHub-Delivery", delivery.Id.ToString());
        request.Headers.Add("X-GitHub-Event", delivery.Event);
        request.Headers.Add("X-GitHub-Hook-ID", "292430182");
        request.Headers.Add("X-GitHub-Hook-Installation-Target-ID", "79929171");
        request.Headers.Add("X-GitHub-Hook-Installation-Target-Type", "repository");
        if (_secret is not null)
        {
            request.Headers.Add("X-Hub-Signature-256", Sign(_secret, payload));
        }

        return request;
    }
}
