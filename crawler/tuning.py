"""Scrapy's settings for Kawat's spider: what the spider does itself is off, so is all that opens a port or follows
links on its own, and what remains is bounded."""

from __future__ import annotations

from typing import Any

from scrapy.logformatter import LogFormatter

from crawler.fetch import MAX_BYTES
from crawler.handler import BoundedHandler
from crawler.job import CrawlJob
from crawler.resolver import LOOPBACK_SETTING, GuardedResolver


class Quiet(LogFormatter):
    """No line per answer: outcomes are the visits' to tell."""

    def crawled(self, *_: object) -> Any:
        """Nothing."""
        return None


def settings(job: CrawlJob) -> dict[str, Any]:
    """Settings for one job."""
    off = "scrapy.downloadermiddlewares."
    return {
        "BOT_NAME": "kawat",
        "USER_AGENT": job.user_agent,
        "DEFAULT_REQUEST_HEADERS": {
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
            "Accept-Language": "id,en;q=0.8",
        },
        "TWISTED_DNS_RESOLVER": GuardedResolver,
        LOOPBACK_SETTING: job.allow_loopback,
        "DNS_TIMEOUT": min(10.0, job.fetch_timeout),
        "DOWNLOAD_TIMEOUT": job.fetch_timeout,
        "DOWNLOAD_MAXSIZE": MAX_BYTES,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_DELAY": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": {
            "http": BoundedHandler,
            "https": BoundedHandler,
            "data": None,
            "file": None,
            "ftp": None,
            "s3": None,
        },
        "CONCURRENT_REQUESTS": job.max_concurrency,
        "CONCURRENT_REQUESTS_PER_DOMAIN": job.max_concurrency,
        "CONCURRENT_ITEMS": 1,
        "REACTOR_THREADPOOL_MAXSIZE": 8,
        "ROBOTSTXT_OBEY": False,  # crawler.fetch obeys it, for every hop and with Crawl-delay
        "REDIRECT_ENABLED": False,
        "RETRY_ENABLED": False,
        "COOKIES_ENABLED": False,
        "REFERER_ENABLED": False,
        "COMPRESSION_ENABLED": False,
        "HTTPPROXY_ENABLED": False,  # a proxy would resolve names itself, past the address policy
        "METAREFRESH_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "MEMUSAGE_ENABLED": False,
        "LOG_ENABLED": False,
        "LOG_FORMATTER": Quiet,
        "LOG_VERSIONS": [],
        "LOG_INSTALL_ROOT_HANDLER": False,
        "LOGSTATS_INTERVAL": 0,
        "STATS_DUMP": False,
        "DOWNLOADER_STATS": False,
        "DOWNLOADER_MIDDLEWARES": {
            off + "offsite.OffsiteMiddleware": None,
            off + "httpauth.HttpAuthMiddleware": None,
            off + "robotstxt.RobotsTxtMiddleware": None,
        },
        "SPIDER_MIDDLEWARES": {
            "scrapy.spidermiddlewares." + name: None
            for name in (
                "start.StartSpiderMiddleware",
                "httperror.HttpErrorMiddleware",
                "referer.RefererMiddleware",
                "urllength.UrlLengthMiddleware",
                "depth.DepthMiddleware",
                "metacopy.MetaCopyDetectionMiddleware",
            )
        },
        "EXTENSIONS": {
            "scrapy.extensions." + name: None
            for name in (
                "corestats.CoreStats",
                "logcount.LogCount",
                "telnet.TelnetConsole",
                "memusage.MemoryUsage",
                "memdebug.MemoryDebugger",
                "closespider.CloseSpider",
                "feedexport.FeedExporter",
                "logstats.LogStats",
                "spiderstate.SpiderState",
                "throttle.AutoThrottle",
                "remote_control.RemoteControl",
            )
        },
    }
